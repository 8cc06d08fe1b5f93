/** Remembers, on a function that `tfFunction` made, the function that it was made of. */

const ORIGINAL = Symbol.for('mirrorscope.tfFunction');

/** Any synchronous function. */
export type AnyFunction = (...args: never) => unknown;

/** Marks `traced` as made of `original`. */
export function markTraced(traced: AnyFunction, original: AnyFunction): void {
  Object.defineProperty(traced, ORIGINAL, { value: original });
}

/** The function that a traced function was made of; undefined for any other function. */
export function originalOf(fn: AnyFunction): AnyFunction | undefined {
  return (fn as AnyFunction & { [ORIGINAL]?: AnyFunction })[ORIGINAL];
}
