/**
 * Algorithms that combine tensors of several devices into one. All give the same value, to rounding. Touches tensors
 * only.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

import { inPairs, toOneReplica, type Transfer } from '../trace/transfers.js';

import { ReduceOp } from './reduce-op.js';

/** Lists the transfers that leave the sum on replica 0, for a number of replicas. */
type ReductionPlan = (replicas: number) => readonly Transfer[];

const PLANS = new WeakMap<CrossDeviceOps, ReductionPlan>();

/**
 * Lists the transfers that leave the sum on replica 0. The same transfers backwards then bring the sum to all replicas.
 * Traced steps send each one from device to device.
 *
 * @param operations - The algorithm.
 * @param replicas - The number of replicas.
 * @returns The transfers in order; `undefined` if TensorFlow's own all-reduce does the work.
 */
export function transfersOf(operations: CrossDeviceOps, replicas: number): readonly Transfer[] | undefined {
  return PLANS.get(operations)?.(replicas);
}

/**
 * An algorithm that combines one tensor per replica, as `tf.distribute.CrossDeviceOps`. Construct one of its
 * subclasses.
 *
 * @example
 * ```js
 * new MirroredStrategy({ crossDeviceOps: new HierarchicalCopyAllReduce() });
 * ```
 */
export abstract class CrossDeviceOps {
  /** The algorithm's name in messages and in `describe` output. */
  abstract readonly name: string;
  /**
   * The TensorFlow implementation that it requires on GPUs. By default, the strategy's `communicationOptions` decide.
   */
  readonly implementation?: 'ring' | 'nccl';

  /**
   * Combines one tensor per replica of this process.
   *
   * @param tf - The TensorFlow.js to compute with.
   * @param operation - `SUM`, or `MEAN`, which divides by the number of tensors.
   * @param tensors - Tensors of one shape and dtype, in replica order; at least one. The caller keeps them.
   * @returns A new tensor of that shape.
   */
  reduce(tf: TensorFlowJs, operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    return tf.tidy(() => {
      const held = [...tensors];
      for (const { from, to } of transfersOf(this, tensors.length) ?? toOneReplica(tensors.length)) {
        held[to] = tf.add(held[to] as Tensor, held[from] as Tensor);
      }
      const sum = held[0] as Tensor;
      if (operation === ReduceOp.MEAN) return tf.div(sum, tensors.length);
      return tensors.length === 1 ? tf.clone(sum) : sum;
    });
  }
}

/** TensorFlow's own all-reduce, the default: a ring or NCCL, as the strategy's `communicationOptions` say. */
export class CollectiveAllReduce extends CrossDeviceOps {
  /** The algorithm's name. */
  readonly name: string = 'CollectiveAllReduce';
}

/**
 * TensorFlow's own all-reduce through NVIDIA's NCCL, or a ring on devices that are not GPUs. As
 * `tf.distribute.NcclAllReduce`.
 */
export class NcclAllReduce extends CollectiveAllReduce {
  /** The algorithm's name. */
  override readonly name = 'NcclAllReduce';
  /** NCCL, wherever all devices are GPUs. */
  override readonly implementation = 'nccl';
}

/**
 * Copies all tensors to the first device, adds them there in replica order, and copies the sum back. As
 * `tf.distribute.ReductionToOneDevice`.
 */
export class ReductionToOneDevice extends CrossDeviceOps {
  /** The algorithm's name. */
  readonly name = 'ReductionToOneDevice';

  /** Takes no options. */
  constructor() {
    super();
    PLANS.set(this, toOneReplica);
  }
}

/**
 * Adds neighbours in pairs, then pairs of pairs, and copies the sum back the same way. As
 * `tf.distribute.HierarchicalCopyAllReduce`.
 */
export class HierarchicalCopyAllReduce extends CrossDeviceOps {
  /** The algorithm's name. */
  readonly name = 'HierarchicalCopyAllReduce';

  /** Takes no options. */
  constructor() {
    super();
    PLANS.set(this, inPairs);
  }
}
