/** What tfjs's kernels exchange. `@tensorflow/tfjs` does not export its own type under a usable name. */
import type { DataType } from '@tensorflow/tfjs';

/** A tensor as kernels see it: an identity, a shape and an element type. */
export interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: DataType;
}
