/**
 * Moves `compile` calls into the scope in which the model was built, which the model itself remembers. Collects edits.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { PythonProject } from '../../project/python-project.js';
import type { NamedModel } from '../model/named-model.js';
import type { LateCreation } from '../model/wrap-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { assignmentOf, blockOf, commonBlock, isBlock, ownsItsLines, statementOf } from '../../analysis/statements.js';
import { isWrite, mentionsOf, reachingDefinitions, type Variable, variableOf } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { descendants, type PyNode } from '../../syntax/node.js';
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
      return value === undefined || !createsNothing(project, module, value);
    });
    const early = creating.filter((statement) => definitions.some((definition) => statement.start < definition.end));
    const attribute = early.length === 0 ? undefined : attributeBehind(module, model, call, builtAs);
    if (attribute === undefined) {
      const fixed = early.find((statement) => !canDelay(project, module, statement, call));
      if (fixed !== undefined) return refusalAt(module, REFUSALS.createdBeforeModel, fixed);
      late.push(...early.map((statement) => ({ statement, before: statementOf(call) })));
    } else modelName = attribute;
    for (const statement of creating)
      if (attribute !== undefined || !early.includes(statement)) scopeStatements.add(statement);
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

/** Whether a statement can run right before a `compile` call of its block instead of where it is. */
function canDelay(project: PythonProject, module: PythonModule, statement: PyNode, call: PyNode): boolean {
  const { left, right } = assignmentOf(statement) ?? {};
  const target = left?.type === 'identifier' ? variableOf(module, left) : undefined;
  if (right === undefined || target === undefined || blockOf(statement) !== blockOf(statementOf(call))) return false;
  const { source } = module;
  if (source.isInString(source.lineAt(statement.end))) return false;
  if (!ownsItsLines(source, statement) || !onlyCreates(project, module, right)) return false;
  const isBetween = ({ start }: PyNode): boolean => start >= statement.end && start < statementOf(call).start;
  const isUsedBefore = mentionsOf(module, target, blockOf(statement)).some(isBetween);
  const isReadLater = [...descendants(right)].some((node) => {
    const variable = node.type === 'identifier' || node.type === 'attribute' ? variableOf(module, node) : undefined;
    return (
      variable !== undefined &&
      mentionsOf(module, variable, module.source.root).some((mention) => isBetween(mention) && isWrite(mention))
    );
  });
  return !isUsedBefore && !isReadLater;
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
