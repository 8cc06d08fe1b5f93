/** How tensors of several devices are combined into one. Each is one algorithm; all give the same value to rounding. */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

import { inPairs, toOneReplica, type Transfer } from '../trace/transfers.js';

import { ReduceOp } from './reduce-op.js';

/** An algorithm that combines one tensor a replica, as `tf.distribute.CrossDeviceOps`. */
export abstract class CrossDeviceOps {
  /** The algorithm's name in messages and in `describe` output. */
  abstract readonly name: string;
  /** TensorFlow's implementation that it insists on, on GPUs; undefined: as the strategy's `communicationOptions` say. */
  readonly implementation?: 'ring' | 'nccl';

  /**
   * The copies and additions that leave the sum on replica 0; the same copies backwards then bring it to all. Traced steps make each
   * a transfer between two devices.
   *
   * @returns `undefined` to leave the way to TensorFlow's all-reduce.
   */
  abstract transfers(replicas: number): readonly Transfer[] | undefined;

  /**
   * Combines one tensor a replica.
   *
   * @param tensors - Tensors of one shape and dtype, in replica order; at least one. They stay the caller's.
   * @returns A new tensor of that shape; `MEAN` divides by the number of tensors.
   */
  reduce(tf: TensorFlowJs, operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    return tf.tidy(() => {
      const held = [...tensors];
      for (const { from, to } of this.transfers(tensors.length) ?? toOneReplica(tensors.length)) {
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

  transfers(): undefined {
    return undefined;
  }
}

/** TensorFlow's own all-reduce by NVIDIA's NCCL; on devices that are no GPUs, by a ring. As `tf.distribute.NcclAllReduce`. */
export class NcclAllReduce extends CollectiveAllReduce {
  override readonly name = 'NcclAllReduce';
  override readonly implementation = 'nccl';
}

/** Copies everything to the first device, adds there in replica order, and copies the sum back. As `tf.distribute.ReductionToOneDevice`. */
export class ReductionToOneDevice extends CrossDeviceOps {
  readonly name = 'ReductionToOneDevice';

  transfers(replicas: number): readonly Transfer[] {
    return toOneReplica(replicas);
  }
}

/** Adds pairs of neighbours, then pairs of pairs, and copies the sum back the same way. As `tf.distribute.HierarchicalCopyAllReduce`. */
export class HierarchicalCopyAllReduce extends CrossDeviceOps {
  readonly name = 'HierarchicalCopyAllReduce';

  transfers(replicas: number): readonly Transfer[] {
    return inPairs(replicas);
  }
}
