/**
 * Checks that no code changes the visible GPUs after the strategy, which reads them before the model is built. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';

import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, descendants, type PyNode } from '../../syntax/node.js';
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

/** Whether the node runs under `if not gpus:`, and the strategy is only used for `gpus >= 2`. */
function runsWithoutGpus(module: PythonModule, node: PyNode, condition: string | undefined): boolean {
  const branch = closest(node, (candidate) => candidate.type === 'if_statement');
  const guard = branch === undefined ? undefined : childByField(branch, 'condition');
  const negated = guard === undefined ? undefined : /^not\s+([\w.]+)$/.exec(module.source.textOf(guard))?.[1];
  const inFirstArm =
    branch !== undefined &&
    childByField(branch, 'consequence')?.children.some(
      (child) => child.start <= node.start && node.end <= child.end,
    ) === true;
  return (
    negated !== undefined &&
    inFirstArm &&
    condition !== undefined &&
    new RegExp(`^${negated.replaceAll('.', '\\.')}(\\s*>=?\\s*[1-9]\\d*)?$`).test(condition)
  );
}
