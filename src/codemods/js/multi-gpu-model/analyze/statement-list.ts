/** Locates a node in lists of statements, and in functions. Pure. */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isFunction, type Node } from '../../syntax/syntax-tree.js';

/** The statements of a block, program, switch case or module block. */
export interface StatementList {
  readonly owner: Node;
  readonly statements: readonly TSESTree.Statement[];
}

function listOwnedBy(node: Node): StatementList | undefined {
  switch (node.type) {
    case AST_NODE_TYPES.Program:
    case AST_NODE_TYPES.BlockStatement:
    case AST_NODE_TYPES.StaticBlock:
    case AST_NODE_TYPES.TSModuleBlock:
      return { owner: node, statements: node.body };
    case AST_NODE_TYPES.SwitchCase:
      return { owner: node, statements: node.consequent };
    default:
      return undefined;
  }
}

/** The innermost list around a node. */
export function listAround(node: Node): StatementList | undefined {
  for (let current = node.parent; current !== undefined; current = current.parent) {
    const list = listOwnedBy(current);
    if (list !== undefined) return list;
  }
  return undefined;
}

/**
 * The list around the `if` statement that has a list as one of its blocks; `undefined` for every other list.
 */
export function listAroundBranch({ owner }: StatementList): { branch: Node; outer: StatementList } | undefined {
  const branch = owner.parent;
  if (owner.type !== AST_NODE_TYPES.BlockStatement || branch?.type !== AST_NODE_TYPES.IfStatement) return undefined;
  const outer = listAround(branch);
  return outer && { branch, outer };
}

/** The index of the statement in a list that contains a node, or -1. */
export function indexIn({ statements }: StatementList, node: Node): number {
  return statements.findIndex(({ range }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
}

/** The innermost list that contains all nodes, each in one of its statements. */
export function commonList(nodes: readonly Node[]): StatementList | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  for (let list = listAround(first); list !== undefined; list = listAround(list.owner)) {
    const around = list;
    if (nodes.every((node) => indexIn(around, node) !== -1)) return list;
  }
  return undefined;
}

/** The function, class field, static block or program whose code a node is part of. */
export function functionAround(node: Node): Node {
  let current: Node = node;
  while (current.parent !== undefined) {
    const child = current;
    current = current.parent;
    if (isFunction(current)) return current;
    if (current.type === AST_NODE_TYPES.PropertyDefinition && current.value === child) return current;
    if (current.type === AST_NODE_TYPES.StaticBlock) return current;
  }
  return current;
}
