/** `tfFunction` for users. Finds the engine at the first call. */
import { markTraced } from './distribute/traced-function.js';
import { ENGINES } from './engines/engine-table.js';

/**
 * Compiles `fn` to one TensorFlow function, as `tf.function` does in Python. The first call with tensors of given
 * shapes and dtypes records its operations; later calls run them as one.
 *
 * `fn` may use any tensors and variables, gradients by `tf.variableGrads` and optimizers. Learning rates, variables and
 * arguments may change from call to call; numbers and strings among the arguments are part of the signature. Code that
 * acts on the host (`console.log`, counters) runs only while recording. A function that reads values on the host
 * (`dataSync`) runs operation by operation instead, with one warning; so does every function without a TensorFlow
 * library or on another backend.
 *
 * @param fn - A synchronous function.
 * @returns A function with the same parameters and results.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT`, when called, if `fn` is async.
 *
 * @example
 * ```js
 * const step = tfFunction((x, y) => tf.mean(tf.squaredDifference(model.predict(x), y)));
 * step(x, y);
 * ```
 */
export function tfFunction<Arguments extends readonly unknown[], Result>(
  fn: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  let traced: ((...args: Arguments) => Result) | undefined;
  const wrapper = (...args: Arguments): Result => {
    const entry = ENGINES.find(({ name }) => name === 'tensorflow');
    traced ??= (entry?.probe().available === true ? entry.open().tracing?.tfFunction(fn) : undefined) ?? fn;
    return traced(...args);
  };
  markTraced(wrapper, fn);
  return wrapper;
}
