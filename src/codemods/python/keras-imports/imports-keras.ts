/** Whether a text imports standalone Keras: a look before it is parsed. */

const IMPORT = /^\s*(from|import)\s+([\w., ]+,\s*)?keras\b/m;

export function importsKeras(text: string): boolean {
  return IMPORT.test(text);
}
