/**
 * Decides whether code runs inside the scope of a strategy: in a callback of `scope`, or in a function that such
 * callbacks call. Pure.
 */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { PLAIN_CALLBACK_TAKERS } from '../lifecycle/vocabulary-table.js';
import { type FunctionNode, isInside, memberName, type Node } from '../syntax/syntax-tree.js';
import { enclosingFunction, type FunctionsInFile } from '../values/functions-in-file.js';

/** From where code can be called; several may be true. */
export interface ScopeContext {
  /** A known call is outside every scope. */
  readonly outside: boolean;
  /** A known call is inside a scope. */
  readonly inside: boolean;
  /** Unknown code may call it. */
  readonly unknown: boolean;
}

const OUTSIDE: ScopeContext = { outside: true, inside: false, unknown: false };
const INSIDE: ScopeContext = { outside: false, inside: true, unknown: false };
const UNKNOWN: ScopeContext = { outside: false, inside: false, unknown: true };
const NOTHING: ScopeContext = { outside: false, inside: false, unknown: false };

/**
 * Finds the scope context of a node.
 *
 * @param start - The node.
 * @param strategy - The expression that creates the strategy. A function that creates it cannot run inside its scope.
 * @param functions - The functions of the file.
 */
export function scopeContextOf(start: Node, strategy: Node, functions: FunctionsInFile): ScopeContext {
  const running = new Set<FunctionNode>();

  const contextOf = (node: Node): ScopeContext => {
    const inner = enclosingFunction(node);
    if (inner === undefined) return OUTSIDE;
    return inside(inner);
  };

  const inside = (inner: FunctionNode): ScopeContext => {
    if (isInside(strategy, inner)) return isScopeCallback(inner) ? INSIDE : OUTSIDE;
    if (running.has(inner)) return NOTHING;
    running.add(inner);
    const uses = functions.usesOf(inner);
    const contexts = [
      ...uses.calls.map(contextOf),
      ...uses.passedTo.map((call) => callbackContext(call)),
      ...(uses.escapes ? [UNKNOWN] : []),
    ];
    running.delete(inner);
    return {
      outside: contexts.some((each) => each.outside),
      inside: contexts.some((each) => each.inside),
      unknown: contexts.some((each) => each.unknown),
    };
  };

  const callbackContext = (call: TSESTree.CallExpression): ScopeContext => {
    const name = calleeName(call);
    // Any receiver counts: it may be another strategy, a parameter or an imported strategy.
    if (name === 'scope') return INSIDE;
    if (name !== undefined && PLAIN_CALLBACK_TAKERS.has(name)) return contextOf(call);
    return UNKNOWN;
  };

  return contextOf(start);
}

/** The last name of a callee: `tidy` for `tf.tidy(…)`. */
export function calleeName(call: TSESTree.CallExpression): string | undefined {
  const { callee } = call;
  if (callee.type === AST_NODE_TYPES.Identifier) return callee.name;
  return callee.type === AST_NODE_TYPES.MemberExpression ? memberName(callee) : undefined;
}

function isScopeCallback(node: FunctionNode): boolean {
  const { parent } = node;
  return parent.type === AST_NODE_TYPES.CallExpression && parent.callee !== node && calleeName(parent) === 'scope';
}
