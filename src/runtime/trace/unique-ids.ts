/** Names that must be unique in a TensorFlow context. Types only. */

/** Hands out unique names. */
export interface UniqueIds {
  /**
   * Makes a name for a function.
   *
   * @param step - The name of the step, to recognize the function by.
   * @returns A name that no other function of the context has.
   */
  functionName(step: string): string;
}
