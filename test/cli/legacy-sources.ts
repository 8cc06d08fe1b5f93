/** Small sources with one legacy use each, and what they become. Data only. */

/** A use that is rewritten. */
export const LEGACY = `import * as tf from '@tensorflow/tfjs';
export async function load() {
  return await tf.loadModel('file://model.json');
}
`;

export const MIGRATED = LEGACY.replace('loadModel', 'loadLayersModel');

/** A use that is only reported. */
export const REPORTED = `import * as tf from '@tensorflow/tfjs';
export const model = tf.loadFrozenModel('model.pb', 'weights.json');
`;

/** The same name without the import, which is no use of the API. */
export const UNRELATED = `export function loadModel() {
  return 'not tensorflow';
}
loadModel();
`;

/** The text as an editor on Windows saves it. */
export function withCrlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}
