/** A replica's context while its step is recorded: what `getReplicaContext()` gives to layers and losses there. */
import type { Strategy } from '../../distribute/strategy.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { ReplicaPart } from '../../trace/replicated-step.js';
import type { Tensor } from '@tensorflow/tfjs';

import { runInFrame } from '../../distribute/context.js';
import { ReduceOp } from '../../distribute/reduce-op.js';
import { ReplicaContext } from '../../distribute/replica-context.js';
import { replicaFailed } from '../../distribute/replica-failed.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** What a recorded replica knows of itself. */
export interface TracedReplica {
  readonly strategy: Strategy;
  /** How many replicas have rows. */
  readonly participants: number;
  readonly allReduce: AllReduce;
}

/** Runs `body` as code of a replica whose collectives become part of the recording. */
export function inTracedReplica<Result>(
  { strategy, participants, allReduce }: TracedReplica,
  body: () => Result,
): Result {
  const { tf } = strategy.engine;
  // One recording serves every replica with as many rows: its number is not part of it.
  const replicaId = (): number => {
    throw new UntraceableError('replicaIdInSyncGroup', 'differs between replicas that run the same recording');
  };
  const replica = new ReplicaContext(strategy, replicaId, {
    allReduce(operation, tensors) {
      const sums: readonly Tensor[] = allReduce.sum(tensors);
      return sums.map((sum) => (operation === ReduceOp.MEAN ? tf.div(sum, participants) : tf.clone(sum)));
    },
    mergeCall() {
      throw new UntraceableError('mergeCall', 'runs code once for all replicas');
    },
  });
  return runInFrame({ strategy, replica }, body);
}

/** The parts of a step, in replica order, whose code fails as the code of its replica when it throws while it is recorded. */
export function partsOfReplicas(strategy: Strategy, parts: readonly ReplicaPart[]): ReplicaPart[] {
  return parts.map((part, replicaId) => ({
    ...part,
    body: (...given) => {
      try {
        return part.body(...given);
      } catch (error) {
        throw error instanceof UntraceableError ? error : replicaFailed(strategy, replicaId, error);
      }
    },
  }));
}
