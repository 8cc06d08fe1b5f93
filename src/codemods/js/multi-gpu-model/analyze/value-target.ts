/** What becomes of the value of an expression: where it is kept, and what has to hold for it to be evaluated. Pure. */
import type { Names } from '../../syntax/names.js';
import type { Node } from '../../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { outermostWithValue, type Place, placeOf } from './access-path.js';
import { isFunction, isInside, type StatementList } from './statement-list.js';

/** Where a value goes. */
export interface Target {
  readonly place: Place | undefined;
  /** The declarator or assignment that puts it there. */
  readonly node: TSESTree.VariableDeclarator | TSESTree.AssignmentExpression | undefined;
}

/** Follows a value through wrappers, ternaries and `a && b` to the declaration or assignment that keeps it. */
export function targetOf(node: Node, names: Names): Target {
  let value = outermostWithValue(node);
  for (;;) {
    const { parent } = value;
    if (parent?.type === AST_NODE_TYPES.ConditionalExpression && parent.test !== value) {
      value = outermostWithValue(parent);
    } else if (parent?.type === AST_NODE_TYPES.VariableDeclarator && parent.init === value) {
      if (parent.id.type !== AST_NODE_TYPES.Identifier) return { place: undefined, node: undefined };
      const id = parent.id;
      const variable = names.declaredBy(parent).find(({ identifiers }) => identifiers.includes(id as never));
      const place = variable && { text: id.name, variable, members: [], owner: undefined };
      return { place, node: parent };
    } else if (
      parent?.type === AST_NODE_TYPES.AssignmentExpression &&
      parent.right === value &&
      parent.operator === '='
    ) {
      return { place: placeOf(parent.left, names), node: parent };
    } else {
      return { place: undefined, node: undefined };
    }
  }
}

/** Something between a node and a statement list that decides whether, or how often, the node is evaluated. */
export type Crossing =
  | { readonly kind: 'condition'; readonly node: ConditionNode; readonly test: Node; readonly holds: boolean }
  | { readonly kind: 'try'; readonly node: TSESTree.TryStatement; readonly part: 'block' | 'handler' | 'finalizer' }
  | { readonly kind: 'loop' | 'function' | 'switch'; readonly node: Node };

export type ConditionNode = TSESTree.IfStatement | TSESTree.ConditionalExpression | TSESTree.LogicalExpression;

/** From the inside out. */
export function crossingsBetween(node: Node, list: StatementList): Crossing[] {
  const crossings: Crossing[] = [];
  let child = node;
  for (
    let parent = node.parent;
    parent !== undefined && child.parent !== list.owner;
    child = parent, parent = parent.parent
  ) {
    if (isFunction(parent) && !parent.params.includes(child as TSESTree.Parameter)) {
      crossings.push({ kind: 'function', node: parent });
      continue;
    }
    switch (parent.type) {
      case AST_NODE_TYPES.IfStatement:
      case AST_NODE_TYPES.ConditionalExpression:
        if (parent.test !== child)
          crossings.push({ kind: 'condition', node: parent, test: parent.test, holds: parent.consequent === child });
        break;
      case AST_NODE_TYPES.LogicalExpression:
        if (parent.right === child) crossings.push(logicalCrossing(parent));
        break;
      case AST_NODE_TYPES.TryStatement: {
        const part = parent.block === child ? 'block' : parent.finalizer === child ? 'finalizer' : 'handler';
        crossings.push({ kind: 'try', node: parent, part });
        break;
      }
      case AST_NODE_TYPES.SwitchCase:
        crossings.push({ kind: 'switch', node: parent });
        break;
      case AST_NODE_TYPES.ForStatement:
      case AST_NODE_TYPES.ForInStatement:
      case AST_NODE_TYPES.ForOfStatement:
      case AST_NODE_TYPES.WhileStatement:
      case AST_NODE_TYPES.DoWhileStatement:
        crossings.push({ kind: 'loop', node: parent });
        break;
      default:
    }
  }
  return crossings;
}

function logicalCrossing(node: TSESTree.LogicalExpression): Crossing {
  if (node.operator === '??') return { kind: 'switch', node };
  return { kind: 'condition', node, test: node.left, holds: node.operator === '&&' };
}

/** Whether two nodes can both be evaluated in one run of the code: not when they are in different branches of one condition. */
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
