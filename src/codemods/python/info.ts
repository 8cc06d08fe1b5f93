/** The migrations for Python, described without loading a parser. Data only. */
import type { MigrationInfo } from '../migration.js';

import { allOf, anyOf, word } from '../needle.js';
import { PYTHON_WORDS } from '../suppressions/suppression.js';

import { mayMove, MOVED_NEEDLES } from './keras-imports/imports-keras.js';
import { LEGACY_API_MIGRATIONS } from './legacy-apis/migrations.js';
import { COMPILING_WORDS, mayHaveWrap, WRAP_NEEDLES } from './multi-gpu-model/prefilter.js';

export const pythonMultiGpuModelInfo: MigrationInfo = {
  name: 'multi-gpu-model',
  description: 'Replaces multi_gpu_model by a tf.distribute strategy; models are built and compiled in its scope.',
  language: 'python',
  // Subclasses that wrap are found by their usual names. A file that compiles may get its model from one that wraps,
  // and a callback may get the multi-GPU model.
  needles: [
    ...WRAP_NEEDLES,
    PYTHON_WORDS,
    allOf(word('compile'), anyOf(...COMPILING_WORDS, word('fit'))),
    allOf('Callback', word('model'), anyOf(word('layers'), word('get_layer'))),
  ],
  // A comment that leaves nothing out is reported, also in a file without anything else.
  hint: (text) => text.text.includes(PYTHON_WORDS) || mayHaveWrap(text),
};

export const pythonKerasImportsInfo: MigrationInfo = {
  name: 'keras-imports',
  description:
    'Moves a migrated package from standalone keras to tensorflow.keras as a whole; --target can prevent it.',
  language: 'python',
  needles: ['keras'],
  hint: ({ text }) => mayMove(text),
  // What migrates, and what it becomes: a later run finds again what was refused in a file that an earlier one moved.
  projectNeedles: [{ literal: 'multi_gpu_model' }, { literal: 'MirroredStrategy', own: MOVED_NEEDLES }],
};

/** In the order in which they run: renames first, then imports, then migrations that move statements. */
export const PYTHON_MIGRATIONS: readonly MigrationInfo[] = [
  ...LEGACY_API_MIGRATIONS.map(({ info }) => info),
  pythonKerasImportsInfo,
  pythonMultiGpuModelInfo,
];
