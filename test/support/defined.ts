/** Narrows a value that a test knows to be there. Pure. */

/** Returns the value. Throws when it is missing, so that the test fails at the cause. */
export function defined<Value>(value: Value | undefined | null, what = 'The value'): Value {
  if (value === undefined || value === null) throw new Error(`${what} is missing.`);
  return value;
}
