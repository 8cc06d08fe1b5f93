/** Recognizes the helpers that compilers put around `require`. Pure. */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { memberName, type Node } from '../syntax/syntax-tree.js';

/** Each helper returns the module, or an object that has the module as its `default`. */
const INTEROP_HELPERS: ReadonlySet<string> = new Set([
  '__importStar',
  '__importDefault',
  '__toESM',
  '_interopRequireWildcard',
  '_interopRequireDefault',
  '_interopNamespace',
  '_interopDefault',
]);

/** Whether a call passes a module through an interop helper: `__importStar(require('m'))`. */
export function isInteropCall(call: TSESTree.CallExpression, argument: Node): boolean {
  if (call.arguments[0] !== argument) return false;
  const { callee } = call;
  if (callee.type === AST_NODE_TYPES.Identifier) return INTEROP_HELPERS.has(callee.name);
  if (callee.type === AST_NODE_TYPES.MemberExpression) return INTEROP_HELPERS.has(memberName(callee) ?? '');
  // `(0, tslib_1.__importStar)(require('m'))`
  const last = callee.type === AST_NODE_TYPES.SequenceExpression ? callee.expressions.at(-1) : undefined;
  return last?.type === AST_NODE_TYPES.MemberExpression && INTEROP_HELPERS.has(memberName(last) ?? '');
}
