/** What can be said about the migration without loading a parser. Data only. */
import type { MigrationInfo } from '../../migration.js';

export const tfjsNodeInfo: MigrationInfo = {
  name: 'tfjs-node',
  description: 'Imports mirrorscope/node in place of @tensorflow/tfjs-node and @tensorflow/tfjs-node-gpu.',
  language: 'javascript',
  // The backend goes by its name in files that do not load it, too.
  needles: ['@tensorflow/tfjs-node', "'tensorflow'", '"tensorflow"', '`tensorflow`'],
  optIn: true,
  followUp:
    'mirrorscope/node needs mirrorscope and @tensorflow/tfjs in the dependencies of package.json, and a TensorFlow library on the machine (pip install tensorflow; see `mirrorscope doctor`). @tensorflow/tfjs-node can go once nothing names it any more.',
};
