/** Finds the variable or member that stores the value of an expression. Pure. */
import type { Names } from '../../syntax/names.js';
import type { AccessPath } from './access-path.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { type Node, outermostWithValue } from '../../syntax/syntax-tree.js';

import { accessPathOf, pathOfVariable } from './access-path.js';

/** What stores a value. */
export interface ValueTarget {
  readonly path: AccessPath | undefined;
  /** The declarator or assignment that stores the value. */
  readonly node: TSESTree.VariableDeclarator | TSESTree.AssignmentExpression;
  /** The stored expression. */
  readonly value: TSESTree.Expression;
}

/** Follows a value through wrappers and ternaries to the declaration or assignment that stores it. */
export function targetOf(node: Node, names: Names): ValueTarget | undefined {
  let value = outermostWithValue(node);
  while (value.parent?.type === AST_NODE_TYPES.ConditionalExpression && value.parent.test !== value)
    value = outermostWithValue(value.parent);
  const { parent } = value;
  if (parent?.type === AST_NODE_TYPES.VariableDeclarator && parent.init === value) {
    if (parent.id.type !== AST_NODE_TYPES.Identifier) return undefined;
    const variable = names.declaredAs(parent.id, parent);
    return { path: variable && pathOfVariable(variable), node: parent, value: parent.init };
  }
  if (parent?.type === AST_NODE_TYPES.AssignmentExpression && parent.right === value && parent.operator === '=')
    return { path: accessPathOf(parent.left, names), node: parent, value: parent.right };
  return undefined;
}
