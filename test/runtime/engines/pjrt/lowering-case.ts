/** Helpers for the cases of lowerings: inputs that are the same in every run, and gradients. */
import * as tf from '@tensorflow/tfjs';

/** One function of tensors. */
export interface LoweringCase {
  readonly name: string;
  readonly ops: readonly string[];
  readonly inputs: () => tf.Tensor[];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** Different numbers around zero, the same in every run. */
export function numbers(shape: number[], seed = 1): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, index) => Math.sin(index * 12.9898 + seed * 78.233) * 2.3);
  return tf.tensor(values, shape);
}

export const positive = (shape: number[], seed = 1): tf.Tensor => tf.add(tf.abs(numbers(shape, seed)), 0.1);
export const integers = (shape: number[], seed = 1): tf.Tensor => tf.cast(tf.mul(numbers(shape, seed), 3), 'int32');
/** Positive, negative, zero, infinite and not a number. */
const special = (): tf.Tensor => tf.tensor1d([0, -0, 1, -1, 0.5, -2.5, 1.5, Infinity, -Infinity, NaN, 3.7, -3.7]);
export const each = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

export function unary(name: string, op: string, run: (x: tf.Tensor) => tf.Tensor, input = special): LoweringCase {
  return { name, ops: [op], inputs: () => [input()], run: (x) => run(x) };
}

export function binary(
  name: string,
  op: string,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  kind = numbers,
): LoweringCase {
  return {
    name,
    ops: [op],
    inputs: () => [kind([3, 1, 5], 1), kind([4, 1], 2)],
    run: (a, b) => run(a, b),
  };
}

/** The gradients of a function, with another weight for each element of its result. */
export function gradients(run: (...inputs: tf.Tensor[]) => tf.Tensor): (...inputs: tf.Tensor[]) => tf.Tensor[] {
  return (...inputs) =>
    tf.grads((...given: tf.Tensor[]) => {
      const y = run(...given);
      return tf.sum(tf.mul(y, numbers(y.shape, 7)));
    })(inputs);
}
