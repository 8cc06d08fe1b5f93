/**
 * `vi.mock('m')` and its kin, which name a module without loading it as code does. Vitest loads ES modules; Jest's `require`
 * does not, so that there only a module that is wholly made up may change its name.
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

export type TestDouble = 'vitest' | 'jest-made-up' | 'jest-real';

/** Which kind of call takes this string as its module; `undefined` for any other place. */
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
  return JEST_WITH_FACTORY.has(method) && isMadeUp(call) ? 'jest-made-up' : 'jest-real';
}

/** With a function of its own in the place of the module. */
function isMadeUp({ arguments: given }: TSESTree.CallExpression): boolean {
  return (
    given[1] !== undefined &&
    given[1].type !== AST_NODE_TYPES.SpreadElement &&
    given[1].type !== AST_NODE_TYPES.ObjectExpression
  );
}
