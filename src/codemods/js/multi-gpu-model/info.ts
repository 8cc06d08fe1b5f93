/** What `mirrorscope list` and the prefilter know about this migration. Data only. */
import type { MigrationInfo } from '../../migration.js';

export const multiGpuModelInfo: MigrationInfo = {
  name: 'multi-gpu-model',
  description: 'Rewrites multiGpuModel(model, gpus) to a model built inside the scope of a MirroredStrategy.',
  language: 'javascript',
  needles: ['multiGpuModel', 'multi_gpu_model'],
  acrossFiles: true,
  followsReExports: true,
  followUp:
    'Migrated JavaScript imports mirrorscope and trains with TensorFlow.js 4.22 or later: npm install mirrorscope @tensorflow/tfjs.',
};
