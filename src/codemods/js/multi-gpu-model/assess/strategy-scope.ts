/** Decides whether code is already inside the scope of a strategy. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { STRATEGY_MAKERS } from '../../lifecycle/vocabulary-table.js';
import { containsNode, isFunction, memberName, type Node, unwrap } from '../../syntax/syntax-tree.js';
import { declaratorOf } from '../analyze/definitions.js';
import { functionAround } from '../analyze/statement-list.js';

/** Whether a node is in a callback of a strategy's `scope`. */
export function isInStrategyScope(node: Node, source: JavaScriptSource, names: Names): boolean {
  for (let current = functionAround(node); current.parent !== undefined; current = functionAround(current)) {
    const call = current.parent;
    if (!isFunction(current) || call.type !== AST_NODE_TYPES.CallExpression || call.arguments[0] !== current) continue;
    if (call.callee.type !== AST_NODE_TYPES.MemberExpression || memberName(call.callee) !== 'scope') continue;
    if (isStrategy(call.callee.object, source, names)) return true;
  }
  return false;
}

/** Whether an expression, or the initializer of the variable that it names, creates a strategy. */
function isStrategy(expression: Node, source: JavaScriptSource, names: Names): boolean {
  const inner = unwrap(expression);
  const variable = inner.type === AST_NODE_TYPES.Identifier ? names.variableOf(inner) : undefined;
  const value = variable === undefined ? inner : declaratorOf(variable)?.init;
  return value != null && containsNode(value, source.visitorKeys, createsStrategy);
}

function createsStrategy(node: Node): boolean {
  if (node.type !== AST_NODE_TYPES.NewExpression && node.type !== AST_NODE_TYPES.CallExpression) return false;
  const { callee } = node;
  const name =
    callee.type === AST_NODE_TYPES.MemberExpression
      ? memberName(callee)
      : callee.type === AST_NODE_TYPES.Identifier
        ? callee.name
        : undefined;
  return name !== undefined && STRATEGY_MAKERS.has(name);
}
