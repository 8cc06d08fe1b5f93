/** Recognizes statements that only assign a value. Pure. */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { type Node, outermostWithValue } from '../../syntax/syntax-tree.js';

/** The statement that only evaluates an assignment, also behind a guard: `gpus > 1 && (model = …);`. */
export function assignmentStatement(assignment: Node): TSESTree.ExpressionStatement | undefined {
  let value = outermostWithValue(assignment);
  if (value.parent?.type === AST_NODE_TYPES.LogicalExpression && value.parent.right === value) value = value.parent;
  return value.parent?.type === AST_NODE_TYPES.ExpressionStatement ? value.parent : undefined;
}

/** The assignment of a statement that has the form `a = b;`. */
export function simpleAssignment(statement: Node | undefined): TSESTree.AssignmentExpression | undefined {
  return statement?.type === AST_NODE_TYPES.ExpressionStatement &&
    statement.expression.type === AST_NODE_TYPES.AssignmentExpression &&
    statement.expression.operator === '='
    ? statement.expression
    : undefined;
}
