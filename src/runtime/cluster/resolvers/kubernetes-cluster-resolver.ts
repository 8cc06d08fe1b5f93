/** The resolver for the pods of a Kubernetes StatefulSet. Reads the environment. */
import { hostname } from 'node:os';

import { clusterError, shortJson } from './cluster-error.js';
import { ClusterResolver } from './cluster-resolver.js';
import { ClusterSpec } from './cluster-spec.js';
import { type Environment, requiredVariable, wholeNumber } from './environment-variables.js';
import { MAX_TASKS } from './parse-cluster-spec.js';

/** Options of {@link KubernetesClusterResolver}. What is left out comes from the environment of the pod. */
export interface KubernetesClusterResolverOptions {
  /** The name of the pod, such as `trainer-2`. Default: the variable `HOSTNAME`, which Kubernetes sets. */
  readonly podName?: string | undefined;
  /** The headless service of the StatefulSet. Default: the variable `MIRRORSCOPE_SERVICE`. */
  readonly serviceName?: string | undefined;
  /** The number of pods. Default: the variable `MIRRORSCOPE_REPLICAS`. */
  readonly replicas?: number | undefined;
  /** The port of each pod. Default: the variable `MIRRORSCOPE_PORT`, otherwise 2222. */
  readonly port?: number | undefined;
  /** The namespace, if the pods are to be addressed from another one. Default: `MIRRORSCOPE_NAMESPACE`, else none. */
  readonly namespace?: string | undefined;
  /** `spec.ordinals.start` of the StatefulSet. Default: 0. */
  readonly firstOrdinal?: number | undefined;
  /** The protocol between the processes. Default: `grpc`. */
  readonly rpcLayer?: string | undefined;
}

const DEFAULT_PORT = 2222;
const MAX_PORT = 65_535;
// A DNS label, as Kubernetes demands of names of services and namespaces.
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const POD_NAME = /^([a-z0-9](?:[-a-z0-9.]{0,240}[a-z0-9])?)-(\d{1,9})$/;

/**
 * Describes the pods of a StatefulSet as workers. The pod with the lowest ordinal is the chief. Unlike Python's
 * resolver of this name, it does not ask the API server, so the pods need no rights there.
 *
 * @example
 * ```js
 * // In pod trainer-1 of a StatefulSet with the service `trainer` and 2 replicas:
 * new KubernetesClusterResolver().clusterSpec().asDict();
 * // { worker: ['trainer-0.trainer:2222', 'trainer-1.trainer:2222'] }
 * ```
 */
export class KubernetesClusterResolver extends ClusterResolver {
  readonly taskType = 'worker';
  readonly taskId: number;
  readonly rpcLayer: string;
  readonly #clusterSpec: ClusterSpec;

  /**
   * @param options - What to use instead of the environment.
   * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when a value is missing or malformed.
   */
  constructor(options: KubernetesClusterResolverOptions = {}) {
    super();
    const environment: Environment = process.env;
    const [setName, ordinal] = parsePodName(options.podName ?? environment.HOSTNAME ?? hostname());
    const service = label('MIRRORSCOPE_SERVICE', options.serviceName, environment);
    const replicas = number('MIRRORSCOPE_REPLICAS', options.replicas, environment, MAX_TASKS);
    const port = number(
      'MIRRORSCOPE_PORT',
      options.port,
      { MIRRORSCOPE_PORT: String(DEFAULT_PORT), ...environment },
      MAX_PORT,
    );
    const namespace = options.namespace ?? environment.MIRRORSCOPE_NAMESPACE;
    const domain =
      namespace === undefined ? service : `${service}.${label('MIRRORSCOPE_NAMESPACE', namespace, {})}.svc`;
    const firstOrdinal = options.firstOrdinal ?? 0;
    this.taskId = ordinal - firstOrdinal;
    if (this.taskId < 0 || this.taskId >= replicas) {
      throw clusterError(
        { document: 'HOSTNAME', path: '' },
        `has the ordinal ${ordinal}, but the ${replicas} pods have ordinals from ${firstOrdinal} to ${firstOrdinal + replicas - 1}`,
        'MIRRORSCOPE_REPLICAS must be the number in spec.replicas of the StatefulSet.',
      );
    }
    this.rpcLayer = options.rpcLayer ?? 'grpc';
    this.#clusterSpec = new ClusterSpec(
      {
        worker: Array.from({ length: replicas }, (_, index) => `${setName}-${firstOrdinal + index}.${domain}:${port}`),
      },
      { document: 'The StatefulSet', path: '' },
    );
  }

  /**
   * Returns the pods as a cluster.
   *
   * @returns The cluster, with one job `worker`.
   */
  clusterSpec(): ClusterSpec {
    return this.#clusterSpec;
  }
}

function parsePodName(name: string): [setName: string, ordinal: number] {
  const match = POD_NAME.exec(name);
  if (match?.[1] !== undefined) return [match[1], Number(match[2])];
  throw clusterError(
    { document: 'HOSTNAME', path: '' },
    `must be the name of a pod with its ordinal, such as trainer-0; it is ${shortJson(name)}`,
    'Only the pods of a StatefulSet have ordinals. Pods of a Deployment do not.',
  );
}

function label(variable: string, option: string | undefined, environment: Environment): string {
  const text =
    option ??
    requiredVariable(environment, variable, 'Set it in `env` of the container; docs/multi-worker.md has a manifest.');
  if (LABEL.test(text)) return text;
  throw clusterError(
    { document: variable, path: '' },
    `must have lower-case letters, digits and hyphens only; it is ${shortJson(text)}`,
  );
}

function number(variable: string, option: number | undefined, environment: Environment, max: number): number {
  const text =
    option ??
    requiredVariable(environment, variable, 'Set it in `env` of the container; docs/multi-worker.md has a manifest.');
  return wholeNumber(String(text), variable, { min: 1, max });
}
