/** Decides from the text alone whether a file imports standalone Keras. Pure. */

const IMPORT = /^\s*(from|import)\s+([\w., ]+,\s*)?keras\b/m;

/** Whether a line of the text imports standalone Keras. */
export function importsKeras(text: string): boolean {
  return IMPORT.test(text);
}
