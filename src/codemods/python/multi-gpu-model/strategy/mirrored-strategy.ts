/** Writes the call that creates the strategy for a `gpus` argument. Pure. */
import type { StrategyTarget } from '../../../options.js';
import type { PythonModule } from '../../analysis/module.js';

import { namedChildren, type PyNode } from '../../syntax/node.js';
import { isPython2 } from '../../syntax/python-2.js';

import { gpusKind } from './gpus-kind.js';

/** The strategy that a file creates. */
export interface StrategyClass {
  /** The name by which the file knows TensorFlow. */
  readonly tensorflow: string;
  readonly target: StrategyTarget;
}

/** More devices than this are written as a comprehension, which is shorter than a list of names. */
const MAX_LISTED_DEVICES = 4;

/**
 * The call that creates a strategy for these GPUs, e.g. `tf.distribute.MirroredStrategy(["/gpu:0", "/gpu:1"])`. Each
 * worker of a `MultiWorkerMirroredStrategy` uses all of its devices.
 *
 * @param module - The file of the argument.
 * @param strategy - Which strategy.
 * @param gpus - The argument's node, or undefined for all GPUs.
 * @param text - The argument's source text, which may have been rewritten.
 * @returns Python source text.
 */
export function strategyCall(
  module: PythonModule,
  { tensorflow, target }: StrategyClass,
  gpus: PyNode | undefined,
  text: string,
): string {
  if (target === 'multi-worker') return `${tensorflow}.distribute.MultiWorkerMirroredStrategy()`;
  const constructor = `${tensorflow}.distribute.MirroredStrategy`;
  if (gpus === undefined) return `${constructor}()`;
  return `${constructor}(${deviceList(module, gpus, text)})`;
}

function deviceList(module: PythonModule, gpus: PyNode, text: string): string {
  const { source } = module;
  const quote = preferredQuote(source.text);
  if (gpus.type === 'integer') {
    const count = Number(source.textOf(gpus));
    if (Number.isInteger(count) && count > 0 && count <= MAX_LISTED_DEVICES) {
      return `[${Array.from({ length: count }, (_, index) => `${quote}/gpu:${index}${quote}`).join(', ')}]`;
    }
  }
  if (gpus.type === 'list' || gpus.type === 'tuple') {
    const items = namedChildren(gpus);
    if (items.length > 0 && items.every((item) => item.type === 'integer')) {
      return `[${items.map((item) => `${quote}/gpu:${source.textOf(item)}${quote}`).join(', ')}]`;
    }
  }
  const index = /\bi\b/.test(text) ? 'gpu' : 'i';
  // Python 2 has no f-strings.
  const name = isPython2(source.root) ? `${quote}/gpu:%d${quote} % ${index}` : `f${quote}/gpu:{${index}}${quote}`;
  const each = `${name} for ${index}`;
  switch (gpusKind(module, gpus)) {
    case 'count':
      return `[${each} in range(${text})]`;
    case 'ids':
      return `[${each} in ${text}]`;
    case 'unknown':
      return `[${each} in (range(${text}) if isinstance(${text}, int) else ${text})]`;
  }
}

/** The quote character that a file uses more often. */
export function preferredQuote(text: string): '"' | "'" {
  const double = text.match(/"/g)?.length ?? 0;
  const single = text.match(/'/g)?.length ?? 0;
  return single > double ? "'" : '"';
}
