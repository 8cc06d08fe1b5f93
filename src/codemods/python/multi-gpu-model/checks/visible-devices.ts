/**
 * Checks that no code changes the visible GPUs after the strategy, which reads them before the model is built. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';

import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
const NAME = 'CUDA_VISIBLE_DEVICES';

/**
 * Refuses when code sets the visible GPUs between two offsets, except where the model stays on one device.
 *
 * @param module - The file.
 * @param block - The block to search.
 * @param from - The offset at which the strategy is created.
 * @param to - The offset of the last wrap.
 * @param condition - The condition under which the model uses several GPUs; undefined when it always does.
 * @returns The refusal, if there is one.
 */
export function checkVisibleDevices(
  module: PythonModule,
  block: PyNode,
  from: number,
  to: number,
  condition: string | undefined,
): Refusal | undefined {
  if (!module.source.text.includes(NAME)) return undefined;
  for (const node of descendants(block)) {
    if (
      node.start < from ||
      node.end > to ||
      !setsVisibleDevices(module, node) ||
      runsWithoutGpus(module, node, condition)
    )
      continue;
    return refusalAt(module, REFUSALS.visibleDevicesSetLater, node);
  }
  return undefined;
}

/** Whether a node is `os.environ['CUDA_VISIBLE_DEVICES'] = …`, or a call of `os` that does the same. */
function setsVisibleDevices(module: PythonModule, node: PyNode): boolean {
  const target =
    node.type === 'assignment'
      ? childByField(node, 'left')
      : node.type === 'call'
        ? childByField(node, 'function')
        : undefined;
  return (
    target !== undefined &&
    /^os\.(environ|putenv)\b/.test(module.source.textOf(target)) &&
    module.source.textOf(node.type === 'call' ? node : target).includes(NAME)
  );
}

/** Whether the node only runs where the strategy is not used: `if gpus == 1:` and `if gpus > 1:` exclude each other. */
function runsWithoutGpus(module: PythonModule, node: PyNode, condition: string | undefined): boolean {
  const branch = closest(node, ({ type }) => type === 'if_statement' || type === 'elif_clause');
  const guard = branch === undefined ? undefined : childByField(branch, 'condition');
  const arm = branch === undefined ? undefined : childByField(branch, 'consequence');
  if (guard === undefined || condition === undefined || branch === undefined) return false;
  const text = module.source.textOf(guard);
  if (arm !== undefined && contains(arm, node)) return excludes(text, condition);
  // What comes after an `elif` has a guard of its own.
  return text === condition && closest(node, ({ type }) => type === 'else_clause')?.parent === branch;
}

/** Whether a test of a count cannot hold together with the condition of the strategy. */
function excludes(guard: string, condition: string): boolean {
  const [, name, least = '1'] = /^([\w.]+)(?:\s*(?:>=?)\s*(\d+))?$/.exec(condition) ?? [];
  if (name === undefined) return false;
  const minimum = Number(least) + (/>\s*\d/.test(condition) ? 1 : 0);
  if (guard === `not ${name}`) return true;
  const [, counted, operator, most] = /^([\w.]+)\s*(==|<=?)\s*(\d+)$/.exec(guard) ?? [];
  return counted === name && Number(most) - (operator === '<' ? 1 : 0) < minimum;
}
