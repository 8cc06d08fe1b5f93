/** How tensors of several devices are combined into one. Each is one algorithm; all give the same value to rounding. */
import type { Tensor } from '@tensorflow/tfjs';

import type { TensorFlowJs } from '../tfjs.js';
import { ReduceOp } from './reduce-op.js';

/** An algorithm that combines one tensor a replica, as `tf.distribute.CrossDeviceOps`. */
export abstract class CrossDeviceOps {
  /** The algorithm's name in messages and in `describe` output. */
  abstract readonly name: string;

  /** Adds tensors of one shape and dtype; may use any order. A new tensor. */
  protected abstract add(tf: TensorFlowJs, tensors: readonly Tensor[]): Tensor;

  /**
   * Combines one tensor a replica.
   *
   * @param tensors - Tensors of one shape and dtype, in replica order; at least one. They stay the caller's.
   * @returns A new tensor of that shape; `MEAN` divides by the number of tensors.
   */
  reduce(tf: TensorFlowJs, operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    return tf.tidy(() => {
      const sum = this.add(tf, tensors);
      return operation === ReduceOp.MEAN ? tf.div(sum, tensors.length) : sum;
    });
  }
}

/** Copies everything to one device and adds there, in replica order. As `tf.distribute.ReductionToOneDevice`. */
export class ReductionToOneDevice extends CrossDeviceOps {
  readonly name = 'ReductionToOneDevice';

  protected add(tf: TensorFlowJs, [first, ...others]: readonly Tensor[]): Tensor {
    return others.reduce<Tensor>((sum, tensor) => tf.add(sum, tensor), tf.clone(first as Tensor));
  }
}

/** Adds pairs of neighbours, then pairs of pairs. As `tf.distribute.HierarchicalCopyAllReduce`. */
export class HierarchicalCopyAllReduce extends CrossDeviceOps {
  readonly name = 'HierarchicalCopyAllReduce';

  protected add(tf: TensorFlowJs, tensors: readonly Tensor[]): Tensor {
    if (tensors.length === 1) return tf.clone(tensors[0] as Tensor);
    const middle = Math.ceil(tensors.length / 2);
    return tf.add(this.add(tf, tensors.slice(0, middle)), this.add(tf, tensors.slice(middle)));
  }
}
