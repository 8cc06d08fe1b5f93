/** A resolver for a cluster that the program itself describes. Pure. */
import { ClusterResolver } from './cluster-resolver.js';
import { ClusterSpec, type JobAddresses } from './cluster-spec.js';

/** Options of {@link SimpleClusterResolver}. */
export interface SimpleClusterResolverOptions {
  /** The job of this process. */
  readonly taskType?: string | undefined;
  /** The index of this process in its job. */
  readonly taskId?: number | undefined;
  /** The protocol between the processes. Default: `grpc`. */
  readonly rpcLayer?: string | undefined;
  /** How many accelerators this process uses, such as `{ GPU: 2 }`. */
  readonly numAccelerators?: Readonly<Record<string, number>> | undefined;
}

/**
 * Describes a cluster with the values that it is given, as `tf.distribute.cluster_resolver.SimpleClusterResolver`.
 *
 * @example
 * ```js
 * const resolver = new SimpleClusterResolver(
 *   { worker: ['10.0.0.1:2222', '10.0.0.2:2222'] },
 *   { taskType: 'worker', taskId: 0 },
 * );
 * ```
 */
export class SimpleClusterResolver extends ClusterResolver {
  readonly taskType: string | undefined;
  readonly taskId: number | undefined;
  readonly rpcLayer: string | undefined;
  readonly #clusterSpec: ClusterSpec;
  readonly #numAccelerators: Readonly<Record<string, number>>;

  /**
   * @param clusterSpec - The cluster, or its plain form.
   * @param options - Which task this process is.
   * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the cluster is malformed.
   */
  constructor(
    clusterSpec: ClusterSpec | Readonly<Record<string, JobAddresses>>,
    options: SimpleClusterResolverOptions = {},
  ) {
    super();
    this.#clusterSpec = clusterSpec instanceof ClusterSpec ? clusterSpec : new ClusterSpec(clusterSpec);
    this.taskType = options.taskType;
    this.taskId = options.taskId;
    this.rpcLayer = options.rpcLayer;
    this.#numAccelerators = options.numAccelerators ?? {};
  }

  /**
   * Returns the cluster that was passed to the constructor.
   *
   * @returns The cluster.
   */
  clusterSpec(): ClusterSpec {
    return this.#clusterSpec;
  }

  /**
   * Returns the numbers that were passed to the constructor.
   *
   * @returns The number for each type of device.
   */
  override numAccelerators(): Readonly<Record<string, number>> {
    return this.#numAccelerators;
  }
}
