/**
 * The context of a replica while its code is recorded: what `getReplicaContext()` returns there. Collectives become part of the
 * recording.
 */
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { ReplicaContext } from '../../distribute/replica-context.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { Tensor } from '@tensorflow/tfjs';

import { createReplicaContext } from '../../distribute/create-replica-context.js';
import { concatenate } from '../../distribute/gather-tensors.js';
import { flattenStructure, isTensor, mapTensors } from '../../distribute/nest.js';
import { ReduceOp } from '../../distribute/reduce-op.js';
import { partsOf } from '../../distribute/strategy-parts.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** What a recording turned out to depend on. */
export interface ReplicaDependence {
  /** Each replica needs a recording of its own. */
  ownRecording: boolean;
  /** Code asked which replica it is: values that it made on the host may differ between replicas. */
  ownHostValues: boolean;
}

/** The replica whose code is recorded, and what its code turns out to depend on. */
export interface RecordedReplica {
  readonly replicaId: number;
  /** Filled in while the code runs. */
  readonly dependence: ReplicaDependence;
}

/** What a tracing context is made of. */
export interface TracingContextOptions {
  readonly strategy: DistributionStrategy;
  /** How many replicas take part in the step, over all processes. */
  readonly participants: number;
  readonly allReduce: AllReduce;
  /** Absent: one recording serves every replica with as many rows, so its code must not depend on which one it is. */
  readonly replica?: RecordedReplica;
}

function hasHostValues(structure: unknown): boolean {
  return flattenStructure(structure).some((leaf) => leaf !== undefined && leaf !== null && !isTensor(leaf));
}

/** @throws {UntraceableError} For element types that no collective adds. */
function asNumbers(tf: TensorFlowJs, tensors: readonly Tensor[]): Tensor[] {
  return tensors.map((tensor) => {
    if (tensor.dtype === 'bool') return tf.cast(tensor, 'int32');
    if (tensor.dtype === 'float32' || tensor.dtype === 'int32') return tensor;
    throw new UntraceableError('allReduce', `adds values of type ${tensor.dtype}`);
  });
}

/** Makes the context of a replica whose code is being recorded. */
export function createTracingContext({
  strategy,
  participants,
  allReduce,
  replica,
}: TracingContextOptions): ReplicaContext {
  const { runner, topology } = partsOf(strategy);
  const { tf } = runner;
  const { replicaCount, localReplicaIds } = topology;
  const sumOf = (tensors: readonly Tensor[]): Tensor[] => allReduce.sum(asNumbers(tf, tensors));

  const requireReplica = (operation: string, reason: string): RecordedReplica => {
    if (replica === undefined) throw new UntraceableError(operation, reason);
    return replica;
  };

  /** The tensor of every replica, in replica order: each replica adds its own to zeros for the others. */
  const gatherAll = (tensor: Tensor, replicaId: number): Tensor[] => {
    if (replicaCount === 1) return [tensor];
    const slots = Array.from({ length: replicaCount }, (_, slot) =>
      slot === replicaId ? tensor : tf.zerosLike(tensor),
    );
    const [all] = sumOf([tf.stack(slots)]);
    return all === undefined ? [] : tf.unstack(all).map((part) => tf.cast(part, tensor.dtype));
  };

  const readReplicaId = (): number => {
    const { replicaId, dependence } = requireReplica(
      'replicaIdInSyncGroup',
      'differs between replicas that run the same recording',
    );
    dependence.ownRecording = true;
    dependence.ownHostValues = true;
    return replicaId;
  };

  return createReplicaContext(strategy, readReplicaId, {
    allReduce: (operation, tensors) =>
      sumOf(tensors).map((sum) => (operation === ReduceOp.MEAN ? tf.div(sum, participants) : tf.clone(sum))),

    allGather(tensor, axis) {
      requireReplica('allGather', 'joins values by the number of the replica');
      const replicaId = readReplicaId();
      const tensors = gatherAll(tensor, replicaId);
      const before = tensors.slice(0, replicaId);
      return {
        value: concatenate(tf, tensors, axis),
        start: before.reduce((sum, { shape }) => sum + (shape.at(axis) ?? 0), 0),
      };
    },

    // Every replica gathers the values of all and runs `merge` itself: it is the same code with the same values everywhere.
    mergeCall(value, merge) {
      const { replicaId, dependence } = requireReplica('mergeCall', 'runs code once for all replicas');
      if (dependence.ownHostValues && hasHostValues(value)) {
        throw new UntraceableError('mergeCall', 'is given values of the host that may differ between replicas');
      }
      if (replicaCount > 1) dependence.ownRecording = true;
      const gathered = new Map<Tensor, Tensor[]>();
      mapTensors(value, (tensor) => {
        if (!('assign' in tensor) && !gathered.has(tensor)) gathered.set(tensor, gatherAll(tensor, replicaId));
        return tensor;
      });
      return merge(
        localReplicaIds.map((local) => mapTensors(value, (tensor) => gathered.get(tensor)?.[local] ?? tensor)),
      );
    },
  });
}
