/** What there is to migrate in Python, without loading a parser. Data only. */
import type { MigrationInfo } from '../migration.js';

import { allOf, anyOf, word } from '../needle.js';

import { importsKeras } from './keras-imports/imports-keras.js';
import { LEGACY_API_MIGRATIONS } from './legacy-apis/migrations.js';
import { mayHaveWrap, WRAP_NEEDLES } from './multi-gpu-model/prefilter.js';

export const pythonMultiGpuModelInfo: MigrationInfo = {
  name: 'multi-gpu-model',
  description: 'Builds and compiles what multi_gpu_model wrapped in the scope of a tf.distribute strategy.',
  language: 'python',
  // Subclasses that wrap are found by the names that people give them; a file that compiles may get its model from one that wraps.
  needles: [...WRAP_NEEDLES, allOf(anyOf('keras', 'tensorflow'), word('compile'))],
  hint: mayHaveWrap,
};

export const pythonKerasImportsInfo: MigrationInfo = {
  name: 'keras-imports',
  description:
    'Moves a package that migrates from standalone keras to tensorflow.keras, all of it at once; --target decides.',
  language: 'python',
  needles: ['keras'],
  hint: ({ text }) => importsKeras(text),
  projectNeedle: 'multi_gpu_model',
};

/** In running order: names first, then imports, then what moves statements. */
export const PYTHON_MIGRATIONS: readonly MigrationInfo[] = [
  ...LEGACY_API_MIGRATIONS.map(({ info }) => info),
  pythonKerasImportsInfo,
  pythonMultiGpuModelInfo,
];
