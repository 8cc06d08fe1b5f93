/** The tensors that tfjs passes to kernels; `@tensorflow/tfjs` does not export its own type. Types only. */
import type { DataType } from '@tensorflow/tfjs';

/** A tensor, as kernels see it. */
export interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: DataType;
}
