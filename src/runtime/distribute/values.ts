/**
 * Values that differ, or are kept alike, over the replicas of a strategy. Plain holders: they own no tensor by
 * themselves and know no engine.
 */
import type { Tensor } from '@tensorflow/tfjs';

/** A value with one component a replica. */
export abstract class DistributedValues<Value = Tensor> {
  /** The component of every replica, in replica order. */
  readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    this.values = Object.freeze([...values]);
  }

  /** Releases the tensors in it. Components that are not tensors are left alone. */
  dispose(): void {
    for (const value of new Set(this.values)) {
      const { dispose, isDisposed } = (value ?? {}) as { dispose?: () => void; isDisposed?: boolean };
      if (typeof dispose === 'function' && isDisposed !== true) dispose.call(value);
    }
  }
}

/** A value that is another one on every replica, such as a replica's part of a batch or its loss. */
export class PerReplica<Value = Tensor> extends DistributedValues<Value> {
  override toString(): string {
    return `PerReplica(${this.values.map(String).join(', ')})`;
  }
}

/** A value that is the same on every replica, such as the result of an all-reduce. */
export class Mirrored<Value = Tensor> extends DistributedValues<Value> {
  override toString(): string {
    return `Mirrored(${String(this.values[0])})`;
  }
}
