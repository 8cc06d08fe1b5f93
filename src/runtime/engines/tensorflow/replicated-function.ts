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
import { CallWrites } from './call-writes.js';
import { EagerFallback } from './eager-fallback.js';
import { namingReplica } from './replica-errors.js';
import { inWords } from './tf-function.js';
import { createTracingContext, type ReplicaDependence } from './tracing-context.js';

/** How many recordings' results (except tensors) are remembered: more than there are traces. */
const KEPT_RESULTS = 128;

/** Gives variables that replicas make the values of the chief. */
export interface NewVariables {
  /** Runs code that makes variables. */
  withNewVariables<Result>(body: () => Result): Result;
  /** Gives those that do not have them yet the chief's values. */
  agreeOnScope(): void;
}

/** One function under one strategy. */
export class ReplicatedFunction {
  readonly #strategy: DistributionStrategy;
  readonly #fn: AnyFunction;
  readonly #step: ReplicatedStep;
  readonly #names = new CallNames();
  readonly #fallback: EagerFallback;
  readonly #dependences = new LruCache<string, ReplicaDependence>(KEPT_RESULTS);
  readonly #writes = new LruCache<string, CallWrites>(KEPT_RESULTS);
  readonly #results = new LruCache<string, unknown>(KEPT_RESULTS);
  readonly #newVariables: NewVariables | undefined;
  /** The calls after whose recording the processes have agreed. */
  readonly #agreedCalls = new LruCache<string, true>(KEPT_RESULTS);

  /**
   * @param strategy - Runs the function.
   * @param fn - The function.
   * @param stepOptions - Shared with other steps of the strategy.
   * @param newVariables - Gives variables that the function makes the values of another process, where there are some.
   */
  constructor(
    strategy: DistributionStrategy,
    fn: AnyFunction,
    stepOptions: ReplicatedStepOptions,
    newVariables?: NewVariables,
  ) {
    this.#newVariables = newVariables;
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
    const { firstReplicaId, replicaCount } = partsOf(this.#strategy).topology;
    const call = names.join('|');
    const writes = this.#writes.get(call) ?? new CallWrites(replicaCount);
    this.#writes.set(call, writes);
    const parts = calls.map((each, index) =>
      this.#part(each, { name: names[index] as string, replicaId: firstReplicaId + index, writes }),
    );
    const outputs = this.#runStep(parts, writes);
    return outputs.map((tensors, index) => putTensors(this.#results.get((parts[index] as ReplicaPart).key), tensors));
  }

  #runStep(parts: readonly ReplicaPart[], writes: CallWrites): Tensor[][] {
    for (;;) {
      const { key } = writes;
      try {
        this.#agreeOnNew(parts);
        return this.#step.run(parts, '');
      } catch (error) {
        // The recording of one replica may have shown writes that an earlier recording does not have.
        if (!(error instanceof UntraceableError) || writes.key === key) throw error;
      }
    }
  }

  /** A recording runs without effect, but the variables that it makes stay. */
  #agreeOnNew(parts: readonly ReplicaPart[]): void {
    const newVariables = this.#newVariables;
    if (newVariables === undefined) return;
    const call = parts.map(
      ({ key, data }) => `${key} ${data.map(({ dtype, shape }) => `${dtype}${shape.join()}`).join()}`,
    );
    if (this.#agreedCalls.get(call.join('|')) === true) return;
    newVariables.withNewVariables(() => {
      this.#step.trace(parts, '');
    });
    newVariables.agreeOnScope();
    this.#agreedCalls.set(call.join('|'), true);
  }

  #part({ tensors, rest }: SplitStructure, { name, replicaId, writes }: ReplicaCall): ReplicaPart {
    const dependence = this.#dependences.get(name) ?? { ownRecording: false, ownHostValues: false };
    this.#dependences.set(name, dependence);
    const part: ReplicaPart = {
      data: tensors,
      // A getter: the first replica's recording may show that each replica needs its own.
      get key() {
        return `${name}#${dependence.ownRecording ? replicaId : ''}#${writes.key}`;
      },
      body: (recording) => {
        const args = putTensors(rest, recording.data) as unknown[];
        const result = takeTensors(this.#record(args, { name, replicaId, recording, dependence, writes }));
        this.#results.set(part.key, result.rest);
        return result.tensors;
      },
    };
    return part;
  }

  #record(args: readonly unknown[], replica: RecordingOfReplica): unknown {
    const { name, replicaId, recording, dependence, writes } = replica;
    const strategy = this.#strategy;
    const { runner, topology } = partsOf(strategy);
    const agreed = new Map<Variable, object>();
    const varies = (tensors: readonly Tensor[]): boolean[] => recording.varying(tensors, dependence.ownHostValues);
    const context = createTracingContext({
      strategy,
      participants: topology.replicaCount,
      allReduce: recording.allReduce,
      replica: { replicaId, dependence, agreed, varies },
    });
    let result: unknown;
    const written = writtenVariables(runner.tf, () => {
      const body = (): unknown => this.#fn(...(args as never));
      result = namingReplica(topology, replicaId, () => runInReplica(context, body, true));
    });
    if (topology.isReplicated)
      writes.complete(runner.tf, recording.allReduce, {
        recording: dependence.ownRecording ? `${name}#${replicaId}` : name,
        written,
        agreed,
        varies,
      });
    return result;
  }
}

/** One call of the function on one replica. */
interface ReplicaCall {
  readonly name: string;
  readonly replicaId: number;
  readonly writes: CallWrites;
}

interface RecordingOfReplica extends ReplicaCall {
  readonly recording: StepRecording;
  readonly dependence: ReplicaDependence;
}
