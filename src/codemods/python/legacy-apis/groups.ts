/** Which catalogue entries make up which migration beside `multi-gpu-model`. Data only. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import type { MigrationInfo, TextLook } from '../../migration.js';

import { PYTHON_APIS } from '../../../catalogue/python-apis.js';
import { textCondition } from '../../needle-condition.js';

import { entryNeedle } from './entry-needles.js';
import { entryPlaces } from './entry-places.js';

/** A migration and the entries that it acts on. */
export interface ApiGroup {
  readonly info: MigrationInfo;
  readonly entries: readonly PythonEntry[];
}

function group(name: string, description: string, ids: RegExp): ApiGroup {
  const entries = PYTHON_APIS.filter((entry) => ids.test(entry.id) && entry.fixClass !== 'considered');
  const needles = entries.map(entryNeedle);
  const mayHold = textCondition(needles);
  const places = entries.flatMap(entryPlaces);
  const hint = ({ code }: TextLook): boolean =>
    mayHold(code()) && places.some((place) => place.every((pattern) => pattern.test(code())));
  return { info: { name, description, language: 'python', needles, hint }, entries };
}

/** The migrations of APIs that stand beside the wrap in legacy code. */
export const API_GROUPS: readonly ApiGroup[] = [
  group(
    'contrib-distribute',
    'Moves tf.contrib.distribute to tf.distribute where the arguments mean the same.',
    /^tf\.contrib\.distribute\./,
  ),
  group(
    'experimental-strategies',
    'Moves strategies out of tf.distribute.experimental where the arguments mean the same.',
    /^tf\.distribute\.experimental\./,
  ),
  group(
    'experimental-run',
    'Renames methods of strategies that lost their experimental prefix, such as experimental_run_v2.',
    /^Strategy\./,
  ),
  group(
    'fit-generator',
    'Replaces fit_generator, evaluate_generator and predict_generator by fit, evaluate and predict.',
    /^Model\.\w+_generator$/,
  ),
  group('learning-rate', 'Renames lr= of Keras optimizers, and optimizer.lr, to learning_rate.', /^optimizer[.(]/),
];
