/** The migration's name and keywords, without its parser. Data only. */
import type { MigrationInfo } from '../../migration.js';

export const tfjsNodeInfo: MigrationInfo = {
  name: 'tfjs-node',
  description: 'Imports mirrorscope/node in place of @tensorflow/tfjs-node and @tensorflow/tfjs-node-gpu.',
  language: 'javascript',
  // Files that do not load the package may contain the name of its backend.
  needles: ['@tensorflow/tfjs-node', "'tensorflow'", '"tensorflow"', '`tensorflow`'],
  optIn: true,
  followUp:
    'mirrorscope/node needs mirrorscope and @tensorflow/tfjs in the dependencies of package.json, and a TensorFlow library on the machine (pip install tensorflow; see `mirrorscope doctor`). Remove @tensorflow/tfjs-node once no code names it.',
};
