/**
 * Replaces checkpoint callbacks of published libraries that look for the original model inside the multi-GPU model.
 * Their behaviour is known, so a callback of Keras can do the same with the one model. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';

import { callArguments } from '../../analysis/statements.js';
import { type Variable, variableOf } from '../../analysis/variables.js';

/** A callback that saves at the end of every epoch, and counts epochs from zero in its file names. */
interface LibraryCallback {
  readonly origin: RegExp;
  readonly parameters: readonly string[];
  /** The argument texts with which the replacement behaves in the same way. */
  readonly harmless: ReadonlyMap<string, RegExp>;
}

/** neurite 0.2, `callbacks.py`: `filepath.format(epoch=epoch, iter=0, **logs)`, then `save` or `save_weights`. */
const LIBRARY_CALLBACKS: readonly LibraryCallback[] = [
  {
    origin: /^neurite(\.tf)?\.callbacks\.ModelCheckpointParallel$/,
    parameters: [
      'filepath',
      'monitor',
      'verbose',
      'save_best_only',
      'save_weights_only',
      'at_batch_end',
      'at_epoch_end',
      'mode',
      'period',
    ],
    harmless: new Map([
      ['monitor', /^(['"])[\w:]*\1$/],
      ['verbose', /^(\d+|True|False)$/],
      ['save_best_only', /^False$/],
      ['save_weights_only', /^(True|False)$/],
      ['at_batch_end', /^None$/],
      ['at_epoch_end', /^True$/],
      ['mode', /^(['"])\w*\1$/],
      ['period', /^1$/],
    ]),
  },
];

/** A Keras callback that saves in the same way; undefined when the class or an argument is unknown. */
export function replaceLibraryCallback(
  module: PythonModule,
  call: PyNode,
  origins: readonly string[],
  model: Variable,
  tensorflow: string,
): TextEdit | undefined {
  const known = LIBRARY_CALLBACKS.find(
    ({ origin }) => origins.length > 0 && origins.every((path) => origin.test(path)),
  );
  const given = callArguments(module.source, call);
  if (known === undefined || given.spread) return undefined;
  const named = new Map(given.keywords);
  given.positional.forEach((value, index) => named.set(known.parameters[index] ?? '', value));
  const path = named.get('filepath');
  if (path === undefined || !isConstantPath(module, path)) return undefined;
  for (const [name, value] of named) {
    if (name !== 'filepath' && known.harmless.get(name)?.test(module.source.textOf(value)) !== true) return undefined;
  }
  const weights = named.get('save_weights_only');
  const method = weights !== undefined && module.source.textOf(weights) === 'True' ? 'save_weights' : 'save';
  const file = `${module.source.textOf(path)}.format(epoch=epoch, iter=0, **logs)`;
  const text = `${tensorflow}.keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ${model.text}.${method}(${file}))`;
  return { start: call.start, end: call.end, text };
}

/** Whether a path has the same value when an epoch ends: a literal, or a name that is assigned once. */
function isConstantPath(module: PythonModule, path: PyNode): boolean {
  if (path.type === 'string') return true;
  const variable = path.type === 'identifier' ? variableOf(module, path) : undefined;
  return variable !== undefined && variable.root.writes.length === 1;
}
