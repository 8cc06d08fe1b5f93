/** Code that says which GPUs a program sees, between the building of a model and its wrap: a strategy looks at them before the model is built. */
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { childByField, closest, descendants, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

const NAME = 'CUDA_VISIBLE_DEVICES';

/**
 * @param condition Under which the strategy spreads the model, as text; undefined when it always does.
 * @throws Refusal when the environment is changed between two offsets, other than where the model stays on one device.
 */
export function checkVisibleDevices(
  module: PythonModule,
  block: PyNode,
  from: number,
  to: number,
  condition: string | undefined,
): void {
  if (!module.source.text.includes(NAME)) return;
  for (const node of descendants(block)) {
    if (node.start < from || node.end > to || !setsVisibleDevices(module, node) || excludes(module, node, condition))
      continue;
    throw new Refusal(
      RefusalReason.EvaluationOrder,
      `${NAME} is set after the model is built, and the strategy has to be made before`,
    );
  }
}

/** `os.environ['CUDA_VISIBLE_DEVICES'] = …`, or a call of `os` that does the same. */
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

/** `if not gpus:` around it, and a strategy for `gpus >= 2`. */
function excludes(module: PythonModule, node: PyNode, condition: string | undefined): boolean {
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
