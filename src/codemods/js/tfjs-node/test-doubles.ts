/**
 * Recognizes `vi.mock('m')` and similar calls, which name a module. Vitest loads ES modules. The `require` of Jest does
 * not, so a Jest mock can change its module only if a factory replaces the module completely. Pure.
 */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { memberName, type Node } from '../syntax/syntax-tree.js';

const VITEST_METHODS: ReadonlySet<string> = new Set([
  'mock',
  'doMock',
  'unmock',
  'doUnmock',
  'importActual',
  'importMock',
]);
const JEST_WITH_FACTORY: ReadonlySet<string> = new Set(['mock', 'doMock', 'setMock', 'unstable_mockModule']);

export type TestDouble = 'vitest' | 'jest-factory' | 'jest-real';

/** The kind of call that takes this string as its module; `undefined` for any other string. */
export function testDoubleAt(literal: Node): TestDouble | undefined {
  const call = literal.parent;
  if (call?.type !== AST_NODE_TYPES.CallExpression || call.arguments[0] !== literal) return undefined;
  const { callee } = call;
  if (callee.type !== AST_NODE_TYPES.MemberExpression || callee.object.type !== AST_NODE_TYPES.Identifier)
    return undefined;
  const method = memberName(callee) ?? '';
  if (callee.object.name === 'vi' || callee.object.name === 'vitest')
    return VITEST_METHODS.has(method) ? 'vitest' : undefined;
  if (callee.object.name !== 'jest') return undefined;
  return JEST_WITH_FACTORY.has(method) && hasFactory(call) ? 'jest-factory' : 'jest-real';
}

/** Whether a function of the test creates the module. */
function hasFactory({ arguments: given }: TSESTree.CallExpression): boolean {
  return (
    given[1] !== undefined &&
    given[1].type !== AST_NODE_TYPES.SpreadElement &&
    given[1].type !== AST_NODE_TYPES.ObjectExpression
  );
}
