/** Lists what decides whether, or how often, an expression runs: conditions, loops, error handlers, functions. Pure. */
import type { StatementList } from './statement-list.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isFunction, isInside, type Node } from '../../syntax/syntax-tree.js';

/** A construct around a node that decides whether, or how often, the node runs. */
export type Crossing =
  | { readonly kind: 'condition'; readonly node: ConditionNode; readonly test: Node; readonly holds: boolean }
  | { readonly kind: 'try'; readonly node: TSESTree.TryStatement; readonly part: 'block' | 'handler' | 'finalizer' }
  | { readonly kind: 'loop' | 'function' | 'switch'; readonly node: Node };

type ConditionNode = TSESTree.IfStatement | TSESTree.ConditionalExpression | TSESTree.LogicalExpression;

/** The crossings between a node and a list of statements around it, innermost first. */
export function crossingsBetween(node: Node, list: StatementList): Crossing[] {
  const crossings: Crossing[] = [];
  let child = node;
  while (child.parent !== undefined && child.parent !== list.owner) {
    const crossing = crossingAt(child.parent, child);
    if (crossing !== undefined) crossings.push(crossing);
    child = child.parent;
  }
  return crossings;
}

function crossingAt(parent: Node, child: Node): Crossing | undefined {
  if (isFunction(parent)) {
    return parent.params.some((parameter) => parameter === child) ? undefined : { kind: 'function', node: parent };
  }
  switch (parent.type) {
    case AST_NODE_TYPES.IfStatement:
    case AST_NODE_TYPES.ConditionalExpression:
      if (parent.test === child) return undefined;
      return { kind: 'condition', node: parent, test: parent.test, holds: parent.consequent === child };
    case AST_NODE_TYPES.LogicalExpression:
      if (parent.right !== child) return undefined;
      if (parent.operator === '??') return { kind: 'switch', node: parent };
      return { kind: 'condition', node: parent, test: parent.left, holds: parent.operator === '&&' };
    case AST_NODE_TYPES.TryStatement:
      return {
        kind: 'try',
        node: parent,
        part: parent.block === child ? 'block' : parent.finalizer === child ? 'finalizer' : 'handler',
      };
    case AST_NODE_TYPES.SwitchCase:
      return { kind: 'switch', node: parent };
    case AST_NODE_TYPES.ForStatement:
    case AST_NODE_TYPES.ForInStatement:
    case AST_NODE_TYPES.ForOfStatement:
    case AST_NODE_TYPES.WhileStatement:
    case AST_NODE_TYPES.DoWhileStatement:
      return { kind: 'loop', node: parent };
    default:
      return undefined;
  }
}

/** Whether two nodes are in different branches of one condition, so that one run evaluates only one of them. */
export function areExclusive(a: Node, b: Node): boolean {
  for (let node: Node | undefined = a; node !== undefined; node = node.parent) {
    if (node.type !== AST_NODE_TYPES.IfStatement && node.type !== AST_NODE_TYPES.ConditionalExpression) continue;
    const { consequent, alternate } = node;
    if (alternate === null) continue;
    if (isInside(a, consequent) && isInside(b, alternate)) return true;
    if (isInside(b, consequent) && isInside(a, alternate)) return true;
  }
  return false;
}
