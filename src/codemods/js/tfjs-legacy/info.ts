/** The migration's name and keywords, without its parser and the catalogue. Data only. */
import type { MigrationInfo } from '../../migration.js';

export const tfjsLegacyInfo: MigrationInfo = {
  name: 'tfjs-legacy',
  description: 'Replace removed and deprecated APIs of TensorFlow.js, deeplearn and keras-js.',
  language: 'javascript',
  needles: [
    '@tensorflow/tfjs',
    'tfjs-node',
    'deeplearn',
    'keras-js',
    '/tf-core.esm',
    '/tf.esm',
    '/tf-layers.esm',
    '/tf-converter.esm',
    '/tf-data.esm',
  ],
};
