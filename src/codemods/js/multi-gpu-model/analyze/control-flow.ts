/** Finds what a piece of code does to the control flow of its function. Pure. */
import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { childrenOf, isFunction, type Node, type VisitorKeys } from '../../syntax/syntax-tree.js';

/** The effects of code on the control flow of its function; nested functions do not count. */
export interface ControlFlow {
  readonly awaits: boolean;
  readonly yields: boolean;
  /** Returns, or breaks or continues a loop outside the code. */
  readonly leaves: boolean;
}

export function controlFlowOf(root: Node, visitorKeys: VisitorKeys): ControlFlow {
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
    const inLoop = insideLoop || /^(?:For|While|DoWhile)/.test(node.type);
    const inSwitch = insideSwitch || node.type === AST_NODE_TYPES.SwitchStatement;
    for (const child of childrenOf(node, visitorKeys)) visit(child, inLoop, inSwitch);
  };
  visit(root, false, false);
  return { awaits, yields, leaves };
}
