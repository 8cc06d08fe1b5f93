/**
 * Evaluates an expression earlier than where it stands: which statements have to move up with it, or which
 * names have to be replaced by what they were assigned. Refuses where the order can be noticed.
 */
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { isPure } from '../../analysis/purity.js';
import { assignmentOf, blockOf, statementsOf } from '../../analysis/statements.js';
import { assigns, reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { contains, descendants, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

/** An expression as it reads at an earlier place. */
export interface Hoisted {
  readonly text: string;
  /** Statements of the earlier place's block that have to move before it. */
  readonly moved: readonly PyNode[];
}

/**
 * Rewrites an expression for use before the statement `before`.
 *
 * @param mayMove Whether statements may move along; else what they assign is written out.
 * @throws Refusal when the value could be another there.
 */
export function hoist(module: PythonModule, expression: PyNode, before: PyNode, mayMove = true): Hoisted {
  const moved: PyNode[] = [];
  if (!isPure(module, expression) && expression.start >= before.start && !isFirstEffect(expression, before)) {
    throw new Refusal(
      RefusalReason.EvaluationOrder,
      `“${module.source.textOf(expression)}” would be evaluated earlier than it is now`,
    );
  }
  const text = rewrite(module, expression, before, moved, mayMove ? 0 : WRITTEN_OUT);
  return { text, moved: [...new Set(moved)].sort((a, b) => a.start - b.start) };
}

/** The condition of the very statement before which it goes is evaluated first there anyway. */
function isFirstEffect(expression: PyNode, before: PyNode): boolean {
  return before.type === 'if_statement' && expression.parent === before && expression.field === 'condition';
}

/** A depth from which on nothing moves. */
const WRITTEN_OUT = 100;
const DEEPEST = 4;

function rewrite(module: PythonModule, expression: PyNode, before: PyNode, moved: PyNode[], depth: number): string {
  const { source } = module;
  const substitutions: { start: number; end: number; text: string }[] = [];
  for (const node of descendants(expression)) {
    if (node.type !== 'identifier' && node.type !== 'attribute') continue;
    if (node.type === 'attribute' && source.textOf(node).split('.')[0] !== 'self') continue;
    const variable = variableOf(module, node);
    if (variable === undefined || boundInside(module, node, expression)) continue;
    for (const definition of reachingDefinitions(module, variable, node)) {
      if (definition.end <= before.start) continue;
      const assignment = assignmentOf(definition);
      const definite = reachingDefinitions(module, variable, node).length === 1;
      if (
        assignment === undefined ||
        !definite ||
        depth % WRITTEN_OUT > DEEPEST ||
        assignment.left.type === 'pattern_list' ||
        !isPure(module, assignment.right)
      ) {
        throw new Refusal(
          RefusalReason.EvaluationOrder,
          `“${variable.text}” is computed after the model is built and cannot be computed before it`,
        );
      }
      if (
        depth < WRITTEN_OUT &&
        blockOf(definition) === blockOf(before) &&
        statementsOf(blockOf(before)).includes(definition) &&
        canMove(module, definition, before)
      ) {
        rewrite(module, assignment.right, before, moved, depth + 1);
        moved.push(definition);
      } else {
        substitutions.push({
          start: node.start,
          end: node.end,
          text: parenthesised(rewrite(module, assignment.right, before, moved, depth + 1), node),
        });
      }
    }
  }
  let text = source.textOf(expression);
  for (const { start, end, text: replacement } of substitutions.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start - expression.start) + replacement + text.slice(end - expression.start);
  }
  return text;
}

/** A definition may move up when nothing between reads or writes what it assigns. */
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

function boundInside(module: PythonModule, node: PyNode, expression: PyNode): boolean {
  const binding = module.scopes.bindingOf(node);
  return binding !== undefined && binding.writes.some((write) => contains(expression, write.name));
}

function parenthesised(text: string, node: PyNode): string {
  const alone = node.parent?.type === 'argument_list' || node.parent?.type === 'keyword_argument';
  return alone || /^[\w.]+(\([^()]*\))?$/.test(text) ? text : `(${text})`;
}
