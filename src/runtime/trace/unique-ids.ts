/** Names and keys that must be unique in a TensorFlow context. Types only. */

/** Hands out unique names and keys. */
export interface UniqueIds {
  /**
   * Makes a name for a function.
   *
   * @param step - The name of the step, to recognize the function by.
   * @returns A name that no other function of the context has.
   */
  functionName(step: string): string;
  /**
   * Reserves instance keys.
   *
   * @param count - How many.
   * @returns The first of `count` consecutive keys that no collective has used.
   */
  instanceKeys(count: number): number;
}
