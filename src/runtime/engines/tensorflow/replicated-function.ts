/**
 * Runs a user's function as one TensorFlow function per replica, for `strategy.run(tfFunction(fn), args)`. Touches tfjs
 * variables.
 */
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { AnyFunction } from '../../distribute/traced-function.js';
import type { ReplicaPart } from '../../trace/replica-part.js';
import type { StepRecording } from '../../trace/step-body.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { runInReplica } from '../../distribute/run-replicas.js';
import { partsOf } from '../../distribute/strategy-parts.js';
import { LruCache } from '../../lru-cache.js';
import { writtenVariables } from '../../tfjs/registered-variables.js';
import { ReplicatedStep } from '../../trace/replicated-step.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

import { CallNames, putTensors, type SplitStructure, takeTensors } from './call-structure.js';
import { EagerFallback } from './eager-fallback.js';
import { namingReplica } from './replica-errors.js';
import { inWords } from './tf-function.js';
import { createTracingContext, type ReplicaDependence } from './tracing-context.js';

/** How many recordings' results (except tensors) are remembered: more than there are traces. */
const KEPT_RESULTS = 128;

/** One function under one strategy. */
export class ReplicatedFunction {
  readonly #strategy: DistributionStrategy;
  readonly #fn: AnyFunction;
  readonly #step: ReplicatedStep;
  readonly #names = new CallNames();
  readonly #fallback: EagerFallback;
  readonly #dependences = new LruCache<string, ReplicaDependence>(KEPT_RESULTS);
  readonly #results = new LruCache<string, unknown>(KEPT_RESULTS);

  constructor(strategy: DistributionStrategy, fn: AnyFunction, stepOptions: ReplicatedStepOptions) {
    const name = fn.name === '' ? 'function' : fn.name;
    this.#strategy = strategy;
    this.#fn = fn;
    this.#step = new ReplicatedStep(name, stepOptions);
    this.#fallback = new EagerFallback(`${inWords(fn)} that replicas run`);
  }

  /**
   * Runs the function once on each local replica.
   *
   * @param argumentsOf - The arguments of each replica.
   * @param eager - Computes the same operation by operation, for calls that cannot be recorded.
   * @returns The results in replica order.
   * @throws {MirrorscopeError} `REPLICA_FAILED` when the function throws on a replica; then no variable has changed.
   */
  run(argumentsOf: (replicaId: number) => readonly unknown[], eager: () => unknown[]): unknown[] {
    const calls = partsOf(this.#strategy).topology.localReplicaIds.map((replicaId) =>
      takeTensors(argumentsOf(replicaId)),
    );
    const names = calls.map((call) => this.#names.nameOf(call));
    return this.#fallback.run(names.join('|'), () => this.#traced(calls, names), eager);
  }

  #traced(calls: readonly SplitStructure[], names: readonly string[]): unknown[] {
    const { firstReplicaId } = partsOf(this.#strategy).topology;
    const parts = calls.map((call, index) => this.#part(call, names[index] as string, firstReplicaId + index));
    const outputs = this.#step.run(parts, '');
    return outputs.map((tensors, index) => putTensors(this.#results.get((parts[index] as ReplicaPart).key), tensors));
  }

  #part({ tensors, rest }: SplitStructure, name: string, replicaId: number): ReplicaPart {
    const dependence = this.#dependences.get(name) ?? { ownRecording: false, ownHostValues: false };
    this.#dependences.set(name, dependence);
    const part: ReplicaPart = {
      data: tensors,
      // A getter: the first replica's recording may show that each replica needs its own.
      get key() {
        return dependence.ownRecording ? `${name}#${replicaId}` : name;
      },
      body: (recording) => {
        const args = putTensors(rest, recording.data) as unknown[];
        const result = takeTensors(this.#record(args, { replicaId, recording, dependence }));
        this.#results.set(part.key, result.rest);
        return result.tensors;
      },
    };
    return part;
  }

  #record(args: readonly unknown[], { replicaId, recording, dependence }: RecordingOfReplica): unknown {
    const strategy = this.#strategy;
    const { runner, topology } = partsOf(strategy);
    const context = createTracingContext({
      strategy,
      participants: topology.replicaCount,
      allReduce: recording.allReduce,
      replica: { replicaId, dependence },
    });
    let result: unknown;
    const written = writtenVariables(runner.tf, () => {
      result = namingReplica(topology, replicaId, () => runInReplica(context, () => this.#fn(...(args as never))));
    });
    if (topology.isReplicated) this.#agree(written, recording, dependence);
    return result;
  }

  /** Assigns the mean to variables that may differ between replicas, as an eager run does. */
  #agree(written: readonly Variable[], recording: StepRecording, { ownHostValues }: ReplicaDependence): void {
    const { runner, topology } = partsOf(this.#strategy);
    const varies = recording.varying(written, ownHostValues);
    const varying = written.filter((_, index) => varies[index]);
    const other = varying.find(({ dtype }) => dtype !== 'float32');
    if (other !== undefined)
      throw new UntraceableError(
        'assign',
        `gives ${other.name}, of type ${other.dtype}, another value on each replica`,
      );
    const sums = recording.allReduce.sum(varying);
    varying.forEach((variable, index) => {
      variable.assign(runner.tf.div(sums[index] as Tensor, topology.replicaCount));
    });
  }
}

interface RecordingOfReplica {
  readonly replicaId: number;
  readonly recording: StepRecording;
  readonly dependence: ReplicaDependence;
}
