/** `tfFunction`, as users import it: finds the engine at the first call. */
import { markTraced } from './distribute/traced-function.js';
import { ENGINES } from './engines/engine-table.js';

/**
 * Makes `fn` one TensorFlow function, as `tf.function` in Python: its operations are recorded at the first call with tensors of
 * given shapes and dtypes, and run as one from then on.
 *
 * Works for any function of tensors and variables, gradients by `tf.variableGrads` and optimizers included. Learning rates,
 * variables and arguments may change from call to call; numbers and strings among the arguments are part of the signature. What runs on
 * the host (`console.log`, counters) runs only while recording. A function that reads values on the host (`dataSync`) runs as it
 * is, with one warning. Without a TensorFlow library, or on another TensorFlow.js backend, `fn` runs as it is.
 *
 * @returns A function of the same arguments and results.
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
