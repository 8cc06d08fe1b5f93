/** A replica of `strategy.run` while its function is recorded: its collectives become part of the recording. */
import type { Strategy } from '../../distribute/strategy.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { Tensor } from '@tensorflow/tfjs';

import { flattenStructure, isTensor, mapTensors } from '../../distribute/nest.js';
import { ReduceOp } from '../../distribute/reduce-op.js';
import { ReplicaContext } from '../../distribute/replica-context.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** What a recording turned out to depend on. */
export interface ReplicaDependence {
  /** Each replica needs a recording of its own. */
  ownRecording: boolean;
  /** Code asked which replica it is: values that it made on the host may differ between replicas. */
  ownHostValues: boolean;
}

/** What a recorded replica is made of. */
export interface RecordedReplicaOptions {
  readonly strategy: Strategy;
  readonly replicaId: number;
  readonly allReduce: AllReduce;
  /** Filled in while code of the replica runs. */
  readonly dependence: ReplicaDependence;
}

function hasHostValues(structure: unknown): boolean {
  return flattenStructure(structure).some((leaf) => leaf !== undefined && leaf !== null && !isTensor(leaf));
}

/** The context that `getReplicaContext()` gives while a replica's function is recorded. */
export function recordedReplica({
  strategy,
  replicaId,
  allReduce,
  dependence,
}: RecordedReplicaOptions): ReplicaContext {
  const { tf } = strategy.engine;
  const replicas = strategy.numReplicasInSync;

  const sumOf = (tensors: readonly Tensor[]): Tensor[] => {
    const numbers = tensors.map((tensor) => {
      if (tensor.dtype === 'bool') return tf.cast(tensor, 'int32');
      if (tensor.dtype === 'float32' || tensor.dtype === 'int32') return tensor;
      throw new UntraceableError('allReduce', `adds values of type ${tensor.dtype}`);
    });
    return allReduce.sum(numbers);
  };

  /** Each replica's tensor, in replica order: every one adds its own to zeros of the others. */
  const gather = (tensor: Tensor): Tensor[] => {
    const slots = Array.from({ length: replicas }, (_, slot) => (slot === replicaId ? tensor : tf.zerosLike(tensor)));
    const [all] = sumOf([tf.stack(slots)]) as [Tensor];
    return tf.unstack(all).map((part) => tf.cast(part, tensor.dtype));
  };

  const askedWhich = (): number => {
    dependence.ownRecording = true;
    dependence.ownHostValues = true;
    return replicaId;
  };

  return new ReplicaContext(strategy, askedWhich, {
    allReduce: (operation, tensors) =>
      sumOf(tensors).map((sum) => (operation === ReduceOp.MEAN ? tf.div(sum, replicas) : tf.clone(sum))),
    // Every replica gathers the values of all and runs `merge` itself: it is the same code with the same values everywhere.
    mergeCall(value, merge) {
      if (dependence.ownHostValues && hasHostValues(value)) {
        throw new UntraceableError('mergeCall', 'is given values of the host that may differ between replicas');
      }
      if (replicas > 1) dependence.ownRecording = true;
      const gathered = new Map<Tensor, Tensor[]>();
      mapTensors(value, (tensor) => {
        if (replicas > 1 && !('assign' in tensor) && !gathered.has(tensor)) gathered.set(tensor, gather(tensor));
        return tensor;
      });
      const ofReplica = (replica: number): unknown =>
        mapTensors(value, (tensor) => gathered.get(tensor)?.[replica] ?? tensor);
      return merge(Array.from({ length: replicas }, (_, replica) => ofReplica(replica)));
    },
  });
}
