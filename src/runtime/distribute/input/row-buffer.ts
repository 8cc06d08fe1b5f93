/** Collects the rows of batches, and gives them out in batches of another size. Owns tensors. */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { Tensor } from '@tensorflow/tfjs';

/** The rows that were read and not yet used: one tensor for each part of the dataset's structure. */
export class RowBuffer {
  readonly #tf: TensorFlowJs;
  #tensors: readonly Tensor[] = [];

  constructor(tf: TensorFlowJs) {
    this.#tf = tf;
  }

  get rows(): number {
    return this.#tensors[0]?.shape[0] ?? 0;
  }

  /** Appends rows, and takes over their tensors. */
  add(tensors: readonly Tensor[]): void {
    const before = this.#tensors;
    if (this.rows === 0) {
      this.#replace(tensors);
      return;
    }
    this.#replace(before.map((tensor, index) => this.#tf.concat([tensor, tensors[index] as Tensor], 0)));
    this.#tf.dispose([...tensors]);
  }

  /** Takes the first rows. The caller owns them. @returns One tensor for each part; none if no rows are asked for. */
  take(rows: number): Tensor[] {
    if (rows === 0) return [];
    const slices = (start: number, size: number): Tensor[] =>
      this.#tensors.map((tensor) => this.#tf.slice(tensor, [start], [size]));
    const taken = slices(0, rows);
    this.#replace(rows === this.rows ? [] : slices(rows, this.rows - rows));
    return taken;
  }

  dispose(): void {
    this.#replace([]);
  }

  #replace(tensors: readonly Tensor[]): void {
    this.#tf.dispose([...this.#tensors]);
    this.#tensors = tensors;
  }
}
