/** Values with one component per replica. They do not own their tensors. Pure. */
import type { Tensor } from '@tensorflow/tfjs';

/** A value with one component per replica of this process, as `tf.distribute.DistributedValues`. */
export abstract class DistributedValues<Value = Tensor> {
  /** The components of this process's replicas, in replica order. */
  readonly values: readonly Value[];

  /** @param values - One component per replica of this process, in replica order. */
  constructor(values: readonly Value[]) {
    this.values = Object.freeze([...values]);
  }

  /** Disposes of the components that are tensors. */
  dispose(): void {
    for (const value of new Set(this.values)) {
      const { dispose, isDisposed } = (value ?? {}) as { dispose?: () => void; isDisposed?: boolean };
      if (typeof dispose === 'function' && isDisposed !== true) dispose.call(value);
    }
  }
}

/**
 * A value that differs between replicas, such as a replica's part of a batch or its loss.
 *
 * @example
 * ```js
 * strategy.run((own) => own.square(), [new PerReplica([tf.scalar(1), tf.scalar(2)])]);
 * ```
 */
export class PerReplica<Value = Tensor> extends DistributedValues<Value> {
  /** @returns All components, for messages. */
  override toString(): string {
    return `PerReplica(${this.values.map(String).join(', ')})`;
  }
}

/** A value that is the same on every replica, such as the result of an all-reduce. */
export class Mirrored<Value = Tensor> extends DistributedValues<Value> {
  /** @returns The common component, for messages. */
  override toString(): string {
    return `Mirrored(${String(this.values[0])})`;
  }
}
