/** How tensors of several devices are combined into one. Each is one algorithm; all give the same value to rounding. */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

import { inPairs, toOneReplica, type Transfer } from '../trace/transfers.js';

import { ReduceOp } from './reduce-op.js';

/** Which copies and additions leave the sum of so many replicas on replica 0. */
type ReductionPlan = (replicas: number) => readonly Transfer[];

const PLANS = new WeakMap<CrossDeviceOps, ReductionPlan>();

/**
 * The copies and additions that leave the sum on replica 0; the same copies backwards then bring it to all replicas. Traced steps
 * make each of them a transfer between two devices.
 *
 * @returns `undefined` where TensorFlow's own all-reduce does the work.
 */
export function transfersOf(operations: CrossDeviceOps, replicas: number): readonly Transfer[] | undefined {
  return PLANS.get(operations)?.(replicas);
}

/** An algorithm that combines one tensor a replica, as `tf.distribute.CrossDeviceOps`. */
export abstract class CrossDeviceOps {
  /** The algorithm's name in messages and in `describe` output. */
  abstract readonly name: string;
  /** TensorFlow's implementation that it insists on, on GPUs; undefined: as the strategy's `communicationOptions` say. */
  readonly implementation?: 'ring' | 'nccl';

  /**
   * Combines one tensor a replica.
   *
   * @param tensors - Tensors of one shape and dtype, in replica order; at least one. They stay the caller's.
   * @returns A new tensor of that shape; `MEAN` divides by the number of tensors.
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

/** TensorFlow's own all-reduce, a ring or NCCL as `communicationOptions` say: the default. */
export class CollectiveAllReduce extends CrossDeviceOps {
  readonly name: string = 'CollectiveAllReduce';
}

/** TensorFlow's own all-reduce by NVIDIA's NCCL; on devices that are no GPUs, by a ring. As `tf.distribute.NcclAllReduce`. */
export class NcclAllReduce extends CollectiveAllReduce {
  override readonly name = 'NcclAllReduce';
  override readonly implementation = 'nccl';
}

/** Copies everything to the first device, adds there in replica order, and copies the sum back. As `tf.distribute.ReductionToOneDevice`. */
export class ReductionToOneDevice extends CrossDeviceOps {
  readonly name = 'ReductionToOneDevice';

  constructor() {
    super();
    PLANS.set(this, toOneReplica);
  }
}

/** Adds pairs of neighbours, then pairs of pairs, and copies the sum back the same way. As `tf.distribute.HierarchicalCopyAllReduce`. */
export class HierarchicalCopyAllReduce extends CrossDeviceOps {
  readonly name = 'HierarchicalCopyAllReduce';

  constructor() {
    super();
    PLANS.set(this, inPairs);
  }
}
