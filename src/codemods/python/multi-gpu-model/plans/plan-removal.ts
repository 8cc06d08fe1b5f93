/**
 * Plans a wrap that needs no strategy: nothing compiles or trains the model, so one device computes the same results,
 * and the wrap is removed without a replacement. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { Wrap } from '../model/wrap-group.js';
import type { GroupPlan } from './plan-group.js';

import { enclosingFunction, ownsItsLines } from '../../analysis/statements.js';
import { isWrite, mentionsOf, sameVariable } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { trainsSomething } from '../../lifecycle/trains-something.js';
import { HOLDS_LAYERS, SAME_FOR_BOTH } from '../../lifecycle/vocabulary-table.js';
import { childByField, closest, descendants, type PyNode } from '../../syntax/node.js';
import { isTrainedOutsideClass } from '../checks/outside-training.js';
import { attributeOf, isTrainedInOtherFiles } from '../uses/attribute-uses.js';
import { removeFromBranch } from '../write/remove-from-branch.js';

/** The plan, or undefined when the model trains, predicts, or is passed on. */
export function planRemoval(
  project: PythonProject,
  module: PythonModule,
  { site, template, parallel }: Wrap,
  removedImports: ReadonlySet<PyNode>,
): GroupPlan | undefined {
  if (
    template === undefined ||
    parallel === undefined ||
    !sameVariable(template, parallel) ||
    !template.text.startsWith('self.')
  )
    return undefined;
  const owner = closest(site.call, (node) => node.type === 'class_definition');
  if (owner === undefined || site.conditional !== undefined || !ownsItsLines(module.source, site.statement))
    return undefined;
  for (const node of descendants(owner)) {
    if (node.type !== 'attribute' || module.source.textOf(node) !== template.text) continue;
    if (!isHarmlessUse(module, node, site.call)) return undefined;
  }
  const attribute = template.text.slice('self.'.length);
  if (trainsSomething(module, owner)) return undefined;
  if (isTrainedOutsideClass(module, owner, attribute)) return undefined;
  if (isTrainedInOtherFiles(project, attributeOf(module, owner, attribute), true)) return undefined;
  if (mentionsOf(module, template, owner).length === 0) return undefined;
  const editor = new LineEditor(module.source);
  removeFromBranch(module, editor, site.statement, removedImports);
  return { edits: editor.edits(), needsTensorFlow: false, strategy: undefined, weightFiles: [] };
}

/** The result is unused, so the call has no effect: remove it. */
export function planUnusedWrap(
  module: PythonModule,
  { statement }: WrapSite,
  removedImports: ReadonlySet<PyNode>,
): GroupPlan {
  const editor = new LineEditor(module.source);
  removeFromBranch(module, editor, statement, removedImports);
  return { edits: editor.edits(), needsTensorFlow: false, strategy: undefined, weightFiles: [] };
}

function isHarmlessUse(module: PythonModule, node: PyNode, call: PyNode): boolean {
  const { parent } = node;
  if (isWrite(node) || parent === undefined) return true;
  if (closest(node, (candidate) => candidate === call) !== undefined) return true;
  if (parent.type === 'attribute' && node.field === 'object') {
    const name = childByField(parent, 'attribute');
    const use = name === undefined ? '' : module.source.textOf(name);
    return (
      SAME_FOR_BOTH.has(use) ||
      // The layers differ between both models, so that only code before the wrap may read them.
      (HOLDS_LAYERS.has(use) && node.start < call.start && enclosingFunction(node) === enclosingFunction(call))
    );
  }
  if (parent.type === 'call' && node.field === 'function') return true;
  const outer = closest(parent, (candidate) => candidate.type === 'call');
  const callee = outer === undefined ? undefined : childByField(outer, 'function');
  return callee !== undefined && /^(print|len)$|plot_model$/.test(module.source.textOf(callee));
}
