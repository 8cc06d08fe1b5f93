/**
 * Moves `compile` calls into the scope in which the model was built, which the model itself remembers. Collects edits.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { PythonProject } from '../../project/python-project.js';
import type { NamedModel } from '../model/named-model.js';
import type { LateCreation } from '../model/wrap-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import {
  assignmentOf,
  blockOf,
  commonBlock,
  innerBlocks,
  isBlock,
  isLoop,
  ownsItsLines,
  statementOf,
  statementsOf,
} from '../../analysis/statements.js';
import { isWrite, mentionsOf, reachingDefinitions, type Variable, variableOf } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { compileSlice } from '../model/compile-slice.js';
import { createsNothing, onlyCreates } from '../model/only-creates.js';

import { enterFrame } from './scope-frame.js';

/**
 * Moves the `compile` calls of one function. An optimizer that is created before the model is available is created
 * right before `compile`, if nobody can notice.
 *
 * @param project - The project.
 * @param module - The file.
 * @param editor - Collects the edits.
 * @param model - The name of the model in this function.
 * @param calls - The `compile` calls.
 * @param placed - What the scopes of other names of the model contain; gets what this one contains.
 * @param builtAs - The names of the model where it is built. An attribute of such a name is available before a local
 * name.
 * @returns A refusal when the optimizer is created before the model is available.
 */
export function placeCompiles(
  project: PythonProject,
  module: PythonModule,
  editor: LineEditor,
  model: NamedModel,
  calls: readonly PyNode[],
  placed: Set<PyNode>,
  builtAs: readonly Variable[] = [],
): Refusal | undefined {
  const { variable } = model;
  const scopeStatements = new Set<PyNode>();
  const late: LateCreation[] = [];
  let modelName = variable.text;
  for (const call of calls) {
    scopeStatements.add(statementOf(call));
    const definitions = reachingDefinitions(module, variable, call);
    const slice = compileSlice(project, module, call);
    if (isRefusal(slice)) return slice;
    late.push(...slice.late);
    const creating = slice.statements.filter((statement) => {
      const value = assignmentOf(statement)?.right;
      const isUse = late.some(({ before }) => before === statement);
      return value === undefined || isUse || !createsNothing(project, module, value);
    });
    const isEarly = (statement: PyNode): boolean => definitions.some(({ end }) => statement.start < end);
    const attribute = creating.some(isEarly) ? attributeBehind(module, model, call, builtAs) : undefined;
    modelName = attribute ?? modelName;
    for (const statement of creating) {
      const isFixed = attribute !== undefined || !isEarly(statement);
      const before = isFixed ? statement : delayedTo(project, module, statement, call);
      if (before === undefined || (!isFixed && isEarly(before)))
        return refusalAt(module, REFUSALS.createdBeforeModel, statement);
      if (!isFixed) late.push({ statement, before });
      scopeStatements.add(before);
    }
  }
  const inside = [...scopeStatements].filter((statement) => !placed.has(statement));
  for (const statement of inside) placed.add(statement);
  const block = inside.length === 0 ? undefined : commonBlock(inside, isBlock);
  if (block === undefined) return undefined;
  return enterFrame(module, editor, {
    block,
    inside,
    late,
    models: [variable],
    scope: `${modelName}.distribute_strategy.scope()`,
  });
}

/** Whether a statement always runs before a call, once, and only the block of the call uses what it assigns. */
function isOnTheWay(module: PythonModule, target: Variable, statement: PyNode, call: PyNode): boolean {
  const [outer, inner] = [blockOf(statement), blockOf(statementOf(call))];
  if (outer === inner) return true;
  const isRepeated = closest(call, (node) => isLoop(node) && !contains(node, statement)) !== undefined;
  const mentions = mentionsOf(module, target, module.source.root);
  return (
    contains(outer, inner) &&
    !isRepeated &&
    mentions.every((mention) => contains(statement, mention) || contains(inner, mention))
  );
}

/** The first statement that uses what a statement creates for `compile`, if it can be created right before that. */
function delayedTo(project: PythonProject, module: PythonModule, statement: PyNode, call: PyNode): PyNode | undefined {
  const { left, right } = assignmentOf(statement) ?? {};
  const target = left?.type === 'identifier' ? variableOf(module, left) : undefined;
  if (right === undefined || target === undefined || !isOnTheWay(module, target, statement, call)) return undefined;
  const { source } = module;
  if (source.isInString(source.lineAt(statement.end))) return undefined;
  if (!ownsItsLines(source, statement) || !onlyCreates(project, module, right)) return undefined;
  const use = mentionsOf(module, target, blockOf(statement)).find(({ start }) => start >= statement.end);
  const to = statementsOf(blockOf(statementOf(call))).find((each) => use !== undefined && contains(each, use));
  if (to === undefined || innerBlocks(to).length > 0 || !ownsItsLines(source, to)) return undefined;
  const isBetween = ({ start }: PyNode): boolean => start >= statement.end && start < to.start;
  const isReadLater = [...descendants(right)].some((node) => {
    const variable = node.type === 'identifier' || node.type === 'attribute' ? variableOf(module, node) : undefined;
    return (
      variable !== undefined &&
      mentionsOf(module, variable, module.source.root).some((mention) => isBetween(mention) && isWrite(mention))
    );
  });
  return isReadLater ? undefined : to;
}

/**
 * The attribute that a local name refers to in a function that does not assign the attribute: `m = self.model`, or one
 * of several attributes that now hold the same model.
 */
function attributeBehind(
  module: PythonModule,
  { variable, body }: NamedModel,
  call: PyNode,
  builtAs: readonly Variable[],
): string | undefined {
  const [template] = builtAs;
  if (template === undefined || !template.text.startsWith('self.') || variable.text.includes('.')) return undefined;
  const texts = reachingDefinitions(module, variable, call).map((definition) =>
    module.source.textOf(assignmentOf(definition)?.right ?? definition),
  );
  const isKnown = texts.includes(template.text) && texts.every((text) => builtAs.some((model) => model.text === text));
  const isAssigned = [...descendants(body)].some(
    (node) => node.type === 'attribute' && module.source.textOf(node) === template.text && isWrite(node),
  );
  return isKnown && !isAssigned ? template.text : undefined;
}
