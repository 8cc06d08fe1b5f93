/**
 * Makes the context that `getReplicaContext()` returns while the code of a replica is recorded. Collectives become part
 * of the recording. Touches the recording.
 */
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { ReplicaContext } from '../../distribute/replica-context.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { Combination } from '../../distribute/combination.js';
import { createReplicaContext } from '../../distribute/create-replica-context.js';
import { concatenate } from '../../distribute/gather-tensors.js';
import { flattenStructure, isTensor, mapTensors } from '../../distribute/nest.js';
import { ReduceOp } from '../../distribute/reduce-op.js';
import { partsOf } from '../../distribute/strategy-parts.js';
import { writtenVariables } from '../../tfjs/registered-variables.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** How a recording depends on the replica. */
export interface ReplicaDependence {
  /** Whether each replica needs its own recording. */
  ownRecording: boolean;
  /** Whether the code has read its replica number, so that its host values may differ between replicas. */
  ownHostValues: boolean;
}

/** The replica whose code is recorded. */
export interface RecordedReplica {
  readonly replicaId: number;
  /** Filled in while the code runs. */
  readonly dependence: ReplicaDependence;
  /** The variables that all replicas changed together, by the value that they gave them. Filled in, too. */
  readonly agreed: Map<Variable, object>;
  /** Asks which tensors may differ between replicas. */
  readonly varies: (tensors: readonly Tensor[]) => boolean[];
}

/** The options of {@link createTracingContext}. */
export interface TracingContextOptions {
  readonly strategy: DistributionStrategy;
  /** How many replicas take part in the step, over all processes. */
  readonly participants: number;
  readonly allReduce: AllReduce;
  /**
   * Without it, all replicas with this number of rows share the recording, so the code must not depend on the replica.
   */
  readonly replica?: RecordedReplica;
}

function hasHostValues(structure: unknown): boolean {
  return flattenStructure(structure).some((leaf) => leaf !== undefined && leaf !== null && !isTensor(leaf));
}

/** Casts tensors to types that collectives add. @throws {UntraceableError} For other types. */
export function asNumbers(tf: TensorFlowJs, tensors: readonly Tensor[]): Tensor[] {
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
  /** The other processes compare the words, which name what becomes of the sum. */
  const sumOf = (tensors: readonly Tensor[], words: string): Tensor[] =>
    allReduce.sum(
      asNumbers(tf, tensors),
      tensors.map(() => words),
    );

  const requireReplica = (operation: string, reason: string): RecordedReplica => {
    if (replica === undefined) throw new UntraceableError(operation, reason);
    return replica;
  };

  /**
   * Gathers the tensors of all replicas, in replica order, as the sum of stacks that are zero except for the replica's
   * own tensor.
   */
  const gatherAll = (tensor: Tensor, replicaId: number): Tensor[] => {
    if (replicaCount === 1) return [tensor];
    const slots = Array.from({ length: replicaCount }, (_, slot) =>
      slot === replicaId ? tensor : tf.zerosLike(tensor),
    );
    const [all] = sumOf([tf.stack(slots)], 'allGather');
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

  const meanOf = (tensors: readonly Tensor[]): Tensor[] =>
    tensors.length === 0 ? [] : sumOf(tensors, 'the mean of a variable').map((sum) => tf.div(sum, participants));

  /** The tensors of the first replica: the sum of its own and zeros. */
  const firstOf = (tensors: readonly Tensor[]): Tensor[] => {
    const isFirst = readReplicaId() === 0;
    const sums = sumOf(
      tensors.map((tensor) => (isFirst ? tensor : tf.zerosLike(tensor))),
      'the value of the first replica',
    );
    return sums.map((sum, index) => tf.cast(sum, (tensors[index] as Tensor).dtype));
  };

  /** Tensors that are equal on every replica need no collective. The others get their mean. */
  const equalOf = (tensors: readonly Tensor[]): Tensor[] => {
    const varies = replica?.varies(tensors) ?? [];
    const means = meanOf(tensors.filter((_, index) => varies[index] === true));
    return tensors.map((tensor, index) => (varies[index] === true ? (means.shift() as Tensor) : tensor));
  };

  const COMBINATIONS: Readonly<Record<Combination, (tensors: readonly Tensor[]) => Tensor[]>> = {
    [Combination.Sum]: (tensors) => sumOf(tensors, 'the sum of a variable'),
    [Combination.Mean]: meanOf,
    [Combination.First]: firstOf,
    [Combination.Equal]: equalOf,
  };

  const combine = (combination: Combination, tensors: readonly Tensor[]): readonly Tensor[] =>
    participants === 1 ? tensors : COMBINATIONS[combination](tensors);

  return createReplicaContext(strategy, readReplicaId, {
    allReduce: (operation, tensors) =>
      sumOf(tensors, `allReduce ${operation}`).map((sum) =>
        operation === ReduceOp.MEAN ? tf.div(sum, participants) : tf.clone(sum),
      ),

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

    update({ combination, tensors, apply }) {
      const combined = combine(combination, tensors);
      const written = writtenVariables(tf, () => {
        apply(combined);
      });
      for (const variable of written) replica?.agreed.set(variable, variable.dataId);
    },

    // Every replica gathers all values and runs `merge` itself: the same code on the same values has the same result.
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
