/** Decides whether `try { model = multiGpuModel(model, 2) } catch { … }` can create the strategy instead. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { BuildSite } from './build-sites.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { isInside, type Node } from '../../syntax/syntax-tree.js';

const MAX_STATEMENT_LENGTH = 30;

/** Allows only the wrap, assignments of one variable to another, and console output in the `try` statement. */
export function fallbackProblem(
  statement: TSESTree.TryStatement,
  { at, list }: BuildSite,
  source: JavaScriptSource,
): Refusal | undefined {
  const [other] = [...statement.block.body, ...(statement.handler?.body.body ?? [])].filter(
    (each) => !isInside(at, each) && !isConsoleCall(each) && !isAssignmentOfVariable(each),
  );
  const isAssigned = statement.block.body.some((each) => isInside(at, each) && isAssignmentOf(each, at));
  const isInList = list?.statements.includes(statement) === true;
  if (statement.finalizer === null && other === undefined && isAssigned && isInList) return undefined;
  if (other === undefined) return MULTI_GPU_REFUSALS.tryHasOtherStatements('the try statement').at(statement);
  const [start, end] = other.range;
  const [firstLine = ''] = source.text.slice(start, Math.min(end, start + MAX_STATEMENT_LENGTH)).split('\n');
  return MULTI_GPU_REFUSALS.tryHasOtherStatements(firstLine).at(other);
}

function isConsoleCall(statement: TSESTree.Statement): boolean {
  if (
    statement.type !== AST_NODE_TYPES.ExpressionStatement ||
    statement.expression.type !== AST_NODE_TYPES.CallExpression
  )
    return false;
  const { callee } = statement.expression;
  return (
    callee.type === AST_NODE_TYPES.MemberExpression &&
    callee.object.type === AST_NODE_TYPES.Identifier &&
    callee.object.name === 'console'
  );
}

function isAssignmentOfVariable(statement: TSESTree.Statement): boolean {
  const assignment = assignmentIn(statement);
  return assignment?.left.type === AST_NODE_TYPES.Identifier && assignment.right.type === AST_NODE_TYPES.Identifier;
}

function isAssignmentOf(statement: TSESTree.Statement, value: Node): boolean {
  return assignmentIn(statement)?.right === value;
}

function assignmentIn(statement: TSESTree.Statement): TSESTree.AssignmentExpression | undefined {
  return statement.type === AST_NODE_TYPES.ExpressionStatement &&
    statement.expression.type === AST_NODE_TYPES.AssignmentExpression
    ? statement.expression
    : undefined;
}
