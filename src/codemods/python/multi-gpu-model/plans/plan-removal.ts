/**
 * A wrapped model that is only called or looked at, never compiled or trained: the wrap goes and nothing
 * takes its place, for one device computes the same.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { GroupEnvironment, GroupMember } from '../model/wrap-group.js';
import type { GroupPlan } from './plan-group.js';

import { branchesOf, enclosingFunction, ownsItsLines, statementsOf } from '../../analysis/statements.js';
import { isWrite, mentionsOf, sameVariable } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { childByField, closest, descendants, type PyNode } from '../../syntax/node.js';
import { isTrainedOutside } from '../uses/training.js';
import { tidyIf } from '../write/tidy-if.js';

/** The plan, or undefined when the model is trained, predicts, or leaves the view. */
export function planDrop(
  module: PythonModule,
  { site, template, parallel }: GroupMember,
  trainedElsewhere: GroupEnvironment['trainedElsewhere'],
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
    if (!onlyLooksAt(module, node, site.call)) return undefined;
  }
  const attribute = template.text.slice('self.'.length);
  if (TRAINS_SOMETHING.test(module.source.textOf(owner))) return undefined;
  if (isTrainedOutside(module, owner, attribute) || trainedElsewhere(attribute, owner, true)) return undefined;
  if (mentionsOf(module, template, owner).length === 0) return undefined;
  const editor = new LineEditor(module.source);
  removeFromBranch(module, editor, site.statement);
  return { edits: editor.edits(), needsTensorFlow: false, strategy: undefined, weightFiles: [] };
}

/** Something is built of the model, or trained, whatever the names: it may be a larger model. */
const TRAINS_SOMETHING =
  /\b(Model|Sequential)\s*\(|(?<!\bre)\.(compile|fit|fit_generator|train_on_batch|apply_gradients|minimize|gradients?)\s*\(|\bGradientTape\b/;

/** A wrap whose result nobody takes did nothing, and goes. */
export function dropStatement(module: PythonModule, { statement }: WrapSite): GroupPlan {
  const editor = new LineEditor(module.source);
  removeFromBranch(module, editor, statement);
  return { edits: editor.edits(), needsTensorFlow: false, strategy: undefined, weightFiles: [] };
}

/** What the wrapped model answers as the plain one does; its input layers are those of the plain one. */
const LOOKS =
  /^(output|outputs|input|inputs|_input_layers|input_names|summary|load_weights|name|trainable|input_shape|output_shape|count_params|save|save_weights|to_json|get_weights|set_weights)$/;

/** What the wrapped model has others of: the same only for the plain one, before the wrap. */
const LAYERS = /^(layers|get_layer)$/;

function onlyLooksAt(module: PythonModule, node: PyNode, call: PyNode): boolean {
  const { parent } = node;
  if (isWrite(node) || parent === undefined) return true;
  if (closest(node, (candidate) => candidate === call) !== undefined) return true;
  if (parent.type === 'attribute' && node.field === 'object') {
    const name = childByField(parent, 'attribute');
    const use = name === undefined ? '' : module.source.textOf(name);
    return (
      LOOKS.test(use) ||
      (LAYERS.test(use) && node.start < call.start && enclosingFunction(node) === enclosingFunction(call))
    );
  }
  if (parent.type === 'call' && node.field === 'function') return true;
  const outer = closest(parent, (candidate) => candidate.type === 'call');
  const callee = outer === undefined ? undefined : childByField(outer, 'function');
  return callee !== undefined && /^(print|len)$|plot_model$/.test(module.source.textOf(callee));
}

/** Removes a statement; a branch that held nothing else goes with it. */
export function removeFromBranch(module: PythonModule, editor: LineEditor, statement: PyNode): void {
  const block = statement.parent;
  const branch =
    block?.parent === undefined
      ? undefined
      : closest(
          block.parent,
          (node) => node.type === 'if_statement' || node.type.endsWith('_definition') || node.type === 'module',
        );
  const alone =
    block?.type === 'block' &&
    statementsOf(block).every((other) => other === statement || other.type === 'pass_statement');
  if (branch?.type !== 'if_statement' || !alone) {
    editor.deleteStatement(statement);
    if (alone && block !== undefined) editor.insertAbove(module.source.lineAt(statement.start), 'pass');
    return;
  }
  const arms = branchesOf(branch).map(({ clause, block: own }) => ({
    clause,
    block: own,
    kept: statementsOf(own)
      .filter((node) => node !== statement && node.type !== 'pass_statement')
      .map((node) => ({ node, devices: [] })),
  }));
  const [first, second] = arms;
  editor.deleteStatement(statement);
  if (first === undefined || arms.length > 2 || (second !== undefined && second.clause.type !== 'else_clause')) {
    editor.insertAbove(module.source.lineAt(statement.start), 'pass');
    return;
  }
  const outer = branch.parent;
  const onlyOne =
    outer?.type === 'block' && statementsOf(outer).length === 1 && arms.every(({ kept }) => kept.length === 0);
  if (onlyOne) editor.insertAbove(module.source.lineAt(branch.start), 'pass');
  tidyIf(
    module,
    editor,
    branch,
    second === undefined ? [first] : [first, second],
    ({ node }) => `${node.start}`,
    () => false,
  );
}
