/** Decides from the text alone whether a file imports standalone Keras. Pure. */

const IMPORT = /^[ \t\f]*(?:from|import)[ \t]+(?:\w[\w., ]*,[ \t]*)?keras\b/m;

/** Whether a line of the text imports standalone Keras. */
export function importsKeras(text: string): boolean {
  return IMPORT.test(text);
}
