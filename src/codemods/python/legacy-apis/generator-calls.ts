/** `model.fit_generator(gen, 10, 5)` as `model.fit(gen, steps_per_epoch=10, epochs=5)`. */
import type { TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';
import type { PyNode } from '../syntax/node.js';
import type { Outcome } from './api-migration.js';

import { RefusalReason } from '../../refusal-reason.js';
import { callArguments } from '../analysis/statements.js';

/** Parameters by position, as far as every release of Keras 2 had them in this order. */
const POSITIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['fit', ['x', 'steps_per_epoch', 'epochs', 'verbose', 'callbacks', 'validation_data', 'validation_steps']],
  ['evaluate', ['x', 'steps']],
  ['predict', ['x', 'steps']],
]);

/** Keywords of Keras 1, and those that moved to `PyDataset` in Keras 3. */
const NOT_TAKEN = [
  'samples_per_epoch',
  'nb_epoch',
  'nb_val_samples',
  'nb_worker',
  'max_q_size',
  'pickle_safe',
  'val_samples',
  'workers',
  'max_queue_size',
  'use_multiprocessing',
];

/** The edits of one call, or why not. */
export function fixGeneratorCall(module: PythonModule, use: PyNode, rename: TextEdit): Outcome {
  const call = use.parent;
  if (call?.type !== 'call') return { reason: RefusalReason.NotCalledDirectly };
  const { positional, keywords, spread } = callArguments(module.source, call);
  if (spread) return { reason: RefusalReason.DynamicArguments };
  if (NOT_TAKEN.some((name) => keywords.has(name))) return { reason: RefusalReason.ConditionNotProved };
  const names = POSITIONS.get(rename.text) ?? [];
  if (positional.length > names.length) return { reason: RefusalReason.ConditionNotProved };
  const edits: TextEdit[] = [rename];
  positional.slice(1).forEach((argument, index) => {
    edits.push({ start: argument.start, end: argument.start, text: `${names[index + 1] ?? ''}=` });
  });
  const generator = keywords.get('generator');
  if (positional.length === 0) {
    const name = generator?.parent?.children[0];
    if (name === undefined) return { reason: RefusalReason.ConditionNotProved };
    edits.push({ start: name.start, end: name.end, text: 'x' });
  }
  return { edits };
}
