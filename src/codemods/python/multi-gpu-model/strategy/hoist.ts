/**
 * Moves the evaluation of an expression to an earlier position: finds the statements that have to move up with it, or
 * replaces names by the values that they were assigned. Refuses if the program could notice the new order. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { isPure } from '../../analysis/purity.js';
import { assignmentOf, blockOf, statementsOf } from '../../analysis/statements.js';
import { assigns, reachingDefinitions, type Variable, variableOf } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { contains, descendants, type PyNode } from '../../syntax/node.js';

/** An expression as it is written at an earlier position. */
export interface Hoisted {
  readonly text: string;
  /** Statements of the block at that position that have to move before it. */
  readonly moved: readonly PyNode[];
}

/**
 * How a name that is assigned too late becomes available: its assignment moves up where it can, or the assigned
 * expression always replaces the name.
 */
export type HoistMode = 'move' | 'inline';

/** A chain of assignments longer than this is not followed. */
const MAX_DEPTH = 4;

/** Rewrites an expression for use before the statement `before`; refuses when its value could differ there. */
export function hoist(module: PythonModule, expression: PyNode, before: PyNode, mode: HoistMode): Hoisted | Refusal {
  if (!isPure(module, expression) && expression.start >= before.start && !isFirstEffect(expression, before))
    return REFUSALS.evaluatedEarlier(module.source.textOf(expression));
  const moved: PyNode[] = [];
  const text = rewrite(module, expression, { before, mode, moved }, 0);
  return isRefusal(text) ? text : { text, moved: [...new Set(moved)].sort((a, b) => a.start - b.start) };
}

/** An `if` evaluates its condition first, so moving the condition to just before the `if` changes nothing. */
function isFirstEffect(expression: PyNode, before: PyNode): boolean {
  return before.type === 'if_statement' && expression.parent === before && expression.field === 'condition';
}

interface Hoisting {
  readonly before: PyNode;
  readonly mode: HoistMode;
  /** Collects the statements to move. */
  readonly moved: PyNode[];
}

interface Substitution {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function rewrite(module: PythonModule, expression: PyNode, hoisting: Hoisting, depth: number): string | Refusal {
  const substitutions: Substitution[] = [];
  for (const node of descendants(expression)) {
    const variable = freeVariable(module, node, expression);
    if (variable === undefined) continue;
    if (isDefinedLater(module, variable, hoisting.before))
      return refusalAt(module, REFUSALS.unknownAtStart(variable.text), hoisting.before);
    const definitions = reachingDefinitions(module, variable, node);
    for (const definition of definitions) {
      if (definition.end <= hoisting.before.start) continue;
      const value = earlierValue(module, definition, hoisting, definitions.length === 1, depth);
      if (value === undefined) return refusalAt(module, REFUSALS.computedAfterBuild(variable.text), definition);
      if (isRefusal(value)) return value;
      if (!value.moves) {
        const text = parenthesized(value.text, node);
        substitutions.push({ start: node.start, end: node.end, text });
      }
    }
  }
  let text = module.source.textOf(expression);
  for (const { start, end, text: replacement } of substitutions.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start - expression.start) + replacement + text.slice(end - expression.start);
  }
  return text;
}

/** Whether a function, a class or an import binds the name in the same function, but only after the position. */
function isDefinedLater(module: PythonModule, { root }: Variable, before: PyNode): boolean {
  const scope = module.scopes.functionScopeAt(before);
  return (
    root.scope === scope &&
    root.writes.length > 0 &&
    root.writes.every(
      ({ kind, site }) => /^(class|function|definition|import)$/.test(kind) && site.start >= before.start,
    )
  );
}

/** The variable that a node of an expression reads, unless the expression itself binds it. */
function freeVariable(module: PythonModule, node: PyNode, expression: PyNode): Variable | undefined {
  if (node.type !== 'identifier' && node.type !== 'attribute') return undefined;
  if (node.type === 'attribute' && module.source.textOf(node).split('.')[0] !== 'self') return undefined;
  const variable = variableOf(module, node);
  return variable === undefined || isBoundInside(module, node, expression) ? undefined : variable;
}

/** The assigned expression as it is written at the earlier position; undefined when it cannot be evaluated earlier. */
function earlierValue(
  module: PythonModule,
  definition: PyNode,
  hoisting: Hoisting,
  isOnlyDefinition: boolean,
  depth: number,
): { readonly text: string; readonly moves: boolean } | Refusal | undefined {
  const { before, mode, moved } = hoisting;
  const assignment = assignmentOf(definition);
  if (
    assignment === undefined ||
    !isOnlyDefinition ||
    depth > MAX_DEPTH ||
    assignment.left.type === 'pattern_list' ||
    !isPure(module, assignment.right)
  )
    return undefined;
  const moves =
    mode === 'move' &&
    blockOf(definition) === blockOf(before) &&
    statementsOf(blockOf(before)).includes(definition) &&
    canMove(module, definition, before);
  const text = rewrite(module, assignment.right, hoisting, depth + 1);
  if (isRefusal(text)) return text;
  if (moves) moved.push(definition);
  return { text, moves };
}

/** A definition may move up when no statement in between reads or writes what it assigns. */
function canMove(module: PythonModule, definition: PyNode, before: PyNode): boolean {
  const assignment = assignmentOf(definition);
  const variable = assignment === undefined ? undefined : variableOf(module, assignment.left);
  if (assignment === undefined || variable === undefined) return false;
  const siblings = statementsOf(blockOf(before));
  const between = siblings.slice(siblings.indexOf(before), siblings.indexOf(definition));
  return between.every((statement) => {
    if (assigns(module, variable, statement)) return false;
    for (const node of descendants(statement)) {
      if (
        node.type === 'identifier' &&
        module.scopes.bindingOf(node) === variable.root &&
        module.source.textOf(node) === variable.text
      )
        return false;
    }
    return true;
  });
}

function isBoundInside(module: PythonModule, node: PyNode, expression: PyNode): boolean {
  const binding = module.scopes.bindingOf(node);
  return binding !== undefined && binding.writes.some((write) => contains(expression, write.name));
}

function parenthesized(text: string, node: PyNode): string {
  const alone = node.parent?.type === 'argument_list' || node.parent?.type === 'keyword_argument';
  return alone || /^[\w.]+(\([^()]*\))?$/.test(text) ? text : `(${text})`;
}
