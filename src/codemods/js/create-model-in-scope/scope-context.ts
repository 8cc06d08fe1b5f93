/**
 * Whether a place runs inside the scope of a strategy: directly in a scope callback, or in a
 * function that only such callbacks call.
 */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { memberName, type Node } from '../syntax/syntax-tree.js';

import { enclosingFunction, type FunctionNode, type FunctionsInFile } from './functions-in-file.js';
import { PLAIN_CALLBACK_TAKERS } from './model-api-table.js';

/** How a place can be reached; more than one may hold. */
export interface ScopeContext {
  /** On some path in view, no scope is open. */
  readonly outside: boolean;
  /** On some path in view, a scope is open. */
  readonly inside: boolean;
  /** There may be callers that are not in view. */
  readonly unknown: boolean;
}

const OUTSIDE: ScopeContext = { outside: true, inside: false, unknown: false };
const INSIDE: ScopeContext = { outside: false, inside: true, unknown: false };
const UNKNOWN: ScopeContext = { outside: false, inside: false, unknown: true };
const NOTHING: ScopeContext = { outside: false, inside: false, unknown: false };

/**
 * @param strategy - where the strategy is created: a function that creates it cannot have been called
 *   from inside its scope
 */
export function scopeContextOf(place: Node, strategy: Node, functions: FunctionsInFile): ScopeContext {
  const running = new Set<FunctionNode>();

  const contextOf = (node: Node): ScopeContext => {
    const inner = enclosingFunction(node);
    if (inner === undefined) return OUTSIDE;
    return inside(inner);
  };

  const inside = (inner: FunctionNode): ScopeContext => {
    if (contains(inner, strategy)) return isScopeCallback(inner) ? INSIDE : OUTSIDE;
    if (running.has(inner)) return NOTHING;
    running.add(inner);
    const uses = functions.usesOf(inner);
    const contexts = [
      ...uses.calls.map(contextOf),
      ...uses.handedTo.map((call) => callbackContext(call)),
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
    // Whatever the receiver: a scope of another strategy, of a parameter, of an imported one.
    if (name === 'scope') return INSIDE;
    if (name !== undefined && PLAIN_CALLBACK_TAKERS.has(name)) return contextOf(call);
    return UNKNOWN;
  };

  return contextOf(place);
}

/** The last name of a callee: `tidy` of `tf.tidy(…)`. */
export function calleeName(call: TSESTree.CallExpression): string | undefined {
  const { callee } = call;
  if (callee.type === AST_NODE_TYPES.Identifier) return callee.name;
  return callee.type === AST_NODE_TYPES.MemberExpression ? memberName(callee) : undefined;
}

function isScopeCallback(node: FunctionNode): boolean {
  const { parent } = node;
  return parent.type === AST_NODE_TYPES.CallExpression && parent.callee !== node && calleeName(parent) === 'scope';
}

function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}
