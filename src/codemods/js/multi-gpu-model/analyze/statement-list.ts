/** Statement lists: where a node stands among statements, and what it is inside of. Pure. */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { childrenOf, type Node, type VisitorKeys } from '../../syntax/syntax-tree.js';

/** The statements of a block, program, switch case or module block. */
export interface StatementList {
  readonly owner: Node;
  readonly statements: readonly TSESTree.Statement[];
}

/** The list that a node is itself the owner of. */
function listOwnedBy(node: Node): StatementList | undefined {
  switch (node.type) {
    case AST_NODE_TYPES.Program:
    case AST_NODE_TYPES.BlockStatement:
    case AST_NODE_TYPES.StaticBlock:
    case AST_NODE_TYPES.TSModuleBlock:
      return { owner: node, statements: node.body as TSESTree.Statement[] };
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

/** The index of the statement of a list that holds a node, or -1. */
export function indexIn({ statements }: StatementList, node: Node): number {
  return statements.findIndex(({ range }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
}

/** The innermost list that holds every one of the nodes, each in one of its statements. */
export function commonList(nodes: readonly Node[]): StatementList | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  for (let list = listAround(first); list !== undefined; list = listAround(list.owner)) {
    const around = list;
    if (nodes.every((node) => indexIn(around, node) !== -1)) return list;
  }
  return undefined;
}

export function isFunction(
  node: Node,
): node is TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression {
  return (
    node.type === AST_NODE_TYPES.FunctionDeclaration ||
    node.type === AST_NODE_TYPES.FunctionExpression ||
    node.type === AST_NODE_TYPES.ArrowFunctionExpression
  );
}

/** The function, class field or program whose code a node is part of. */
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

/** Whether one node lies inside another, or is it. */
export function isInside(node: Node, outer: Node): boolean {
  return outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];
}

/** What a piece of code does to the flow of the function that it stands in; nested functions are not part of it. */
export interface Flow {
  readonly awaits: boolean;
  readonly yields: boolean;
  /** Returns, or breaks or continues a loop outside the code. */
  readonly leaves: boolean;
}

export function flowOf(root: Node, visitorKeys: VisitorKeys): Flow {
  let awaits = false;
  let yields = false;
  let leaves = false;
  const visit = (node: Node, insideLoop: boolean, insideSwitch: boolean): void => {
    switch (node.type) {
      case AST_NODE_TYPES.AwaitExpression:
        awaits = true;
        break;
      case AST_NODE_TYPES.YieldExpression:
        yields = true;
        break;
      case AST_NODE_TYPES.ReturnStatement:
        leaves = true;
        break;
      case AST_NODE_TYPES.BreakStatement:
        if (node.label !== null || !(insideLoop || insideSwitch)) leaves = true;
        break;
      case AST_NODE_TYPES.ContinueStatement:
        if (node.label !== null || !insideLoop) leaves = true;
        break;
      case AST_NODE_TYPES.ForOfStatement:
        if (node.await) awaits = true;
        break;
      default:
    }
    if (isFunction(node)) return;
    const loop = insideLoop || /^(?:For|While|DoWhile)/.test(node.type);
    const inSwitch = insideSwitch || node.type === AST_NODE_TYPES.SwitchStatement;
    for (const child of childrenOf(node, visitorKeys)) visit(child, loop, inSwitch);
  };
  visit(root, false, false);
  return { awaits, yields, leaves };
}
