/** Remembers which function the user passed to `tfFunction`. Touches the traced function. */

const ORIGINAL = Symbol.for('mirrorscope.tfFunction');

/** Any synchronous function. */
export type AnyFunction = (...args: never) => unknown;

/** Records that `tfFunction` made `traced` from `original`. */
export function markTraced(traced: AnyFunction, original: AnyFunction): void {
  Object.defineProperty(traced, ORIGINAL, { value: original });
}

/** Finds the function from which `tfFunction` made a traced function; undefined for any other function. */
export function originalOf(fn: AnyFunction): AnyFunction | undefined {
  return (fn as AnyFunction & { [ORIGINAL]?: AnyFunction })[ORIGINAL];
}
