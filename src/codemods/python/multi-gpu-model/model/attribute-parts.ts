/** Finds the attributes of `self` from which a model is built. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { assignmentOf, calleeOf } from '../../analysis/statements.js';
import { definitionsReaching, type Variable, variableOf } from '../../analysis/variables.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { closest, descendants, type PyNode } from '../../syntax/node.js';

import { buildSlice, makesModelPart } from './build-slice.js';

/**
 * The statements of the same method that assign attributes which a statement builds the model from.
 *
 * @param module - The file.
 * @param statement - The statement that builds the model, or a part of it.
 * @param model - The model itself, which does not count as a part.
 * @param seen - The statements that were followed before.
 * @returns A refusal when another method builds a part of the model.
 */
export function attributeParts(
  module: PythonModule,
  statement: PyNode,
  model: Variable,
  seen = new Set<PyNode>(),
): PyNode[] | Refusal {
  if (seen.has(statement)) return [];
  seen.add(statement);
  const owner = closest(statement, (node) => node.type === 'class_definition');
  const value = assignmentOf(statement)?.right;
  if (owner === undefined || value === undefined) return [];
  const parts: PyNode[] = [];
  for (const node of descendants(value)) {
    const variable = attributeOfSelf(module, node);
    if (variable === undefined || variable.text === model.text) continue;
    const { statements, complete } = definitionsReaching(module, variable, statement);
    for (const definition of statements.filter((candidate) => makesModelPart(module, candidate))) {
      parts.push(definition, ...buildSlice(module, variable, statement).statements);
      const inner = attributeParts(module, definition, model, seen);
      if (isRefusal(inner)) return inner;
      parts.push(...inner);
    }
    if (!complete && isBuiltElsewhere(module, owner, variable, statements))
      return REFUSALS.partBuiltInOtherMethod(variable.text);
  }
  return parts;
}

function attributeOfSelf(module: PythonModule, node: PyNode): Variable | undefined {
  const isAttribute =
    node.type === 'attribute' && /^self\.\w+$/.test(module.source.textOf(node)) && node.field !== 'function';
  return isAttribute ? variableOf(module, node) : undefined;
}

/** Whether another statement of the class builds an attribute. */
function isBuiltElsewhere(module: PythonModule, owner: PyNode, attribute: Variable, known: readonly PyNode[]): boolean {
  return [...descendants(owner)].some((other) => {
    const assignment = assignmentOf(other);
    return (
      assignment !== undefined &&
      module.source.textOf(assignment.left) === attribute.text &&
      !known.includes(other) &&
      makesModelPart(module, other) &&
      !isInput(module, assignment.right)
    );
  });
}

/** `Input(...)` creates no variables, so it may run outside the scope. */
function isInput(module: PythonModule, value: PyNode): boolean {
  const callee = calleeOf(value);
  return callee !== undefined && /(^|\.)Input$/.test(module.source.textOf(callee));
}
