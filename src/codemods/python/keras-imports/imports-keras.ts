/** Decides from the text alone whether a file imports standalone Keras. Pure. */

const IMPORT = /^[ \t\f]*(?:from|import)[ \t]+(?:\w[\w., ]*,[ \t]*)?keras\b/m;

const MOVED = /\btensorflow\.keras\b|\bfrom tensorflow import keras\b/;

/** Every match of `MOVED` contains one of these. */
export const MOVED_NEEDLES = ['tensorflow.keras', 'from tensorflow import keras'] as const;

/** Whether a text names TensorFlow's Keras, as an earlier run leaves it. */
export function namesTensorflowKeras(text: string): boolean {
  return MOVED.test(text);
}

/** Whether a line of the text imports standalone Keras. */
export function importsKeras(text: string): boolean {
  return IMPORT.test(text);
}

/** Whether a text imports standalone Keras, or has arguments of optimizers that an earlier run may have left. */
export function mayMove(text: string): boolean {
  return importsKeras(text) || (namesTensorflowKeras(text) && /\bdecay\s*=/.test(text));
}
