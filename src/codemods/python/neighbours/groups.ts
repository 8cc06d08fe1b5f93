/** Which catalogue entries make up which migration beside `multi-gpu-model`. Data only. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import { PYTHON_APIS } from '../../../catalogue/python-apis.js';
import type { MigrationInfo } from '../../migration.js';

/** A migration and the entries that it acts on. */
export interface ApiGroup {
  readonly info: MigrationInfo;
  readonly entries: readonly PythonEntry[];
  /** A text without a match has no use; looked at before the text is parsed. */
  readonly hint: RegExp;
}

function group(name: string, description: string, needles: readonly string[], ids: RegExp, hint = /./): ApiGroup {
  return { info: { name, description, language: 'python', needles }, entries: PYTHON_APIS.filter((entry) => ids.test(entry.id)), hint };
}

/** The migrations of APIs that stand beside the wrap in legacy code. */
export const API_GROUPS: readonly ApiGroup[] = [
  group(
    'contrib-distribute',
    'Moves tf.contrib.distribute to tf.distribute where the arguments mean the same.',
    ['contrib.distribute', 'contrib import distribute'],
    /^tf\.contrib\.distribute\./,
  ),
  group(
    'experimental-strategies',
    'Moves strategies out of tf.distribute.experimental where the arguments mean the same.',
    ['distribute.experimental'],
    /^tf\.distribute\.experimental\./,
  ),
  group(
    'experimental-run',
    'Renames methods of strategies that lost their experimental prefix, such as experimental_run_v2.',
    ['experimental_run', 'experimental_distribute_datasets_from_function', 'make_dataset_iterator'],
    /^Strategy\./,
  ),
  group(
    'fit-generator',
    'Replaces fit_generator, evaluate_generator and predict_generator by fit, evaluate and predict.',
    ['fit_generator', 'evaluate_generator', 'predict_generator'],
    /^Model\.\w+_generator$/,
  ),
  group('learning-rate', 'Renames lr= of Keras optimizers, and optimizer.lr, to learning_rate.', ['keras'], /^optimizer[.(]/, /\blr\s*=|\.lr\b/),
];
