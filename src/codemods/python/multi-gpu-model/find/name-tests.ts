/**
 * Recognizes tests on the name `multi_gpu_model` itself: `multi_gpu_model is not None` asks whether the import worked,
 * and a strategy is always there. Pure.
 */
import type { Guard } from '../../../lifecycle/guard.js';
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { callArguments } from '../../analysis/statements.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';

import { isLegacyFunction } from './legacy-api.js';

/** The test in which a use of the name stands: a comparison with `None`, or the name as an operand of `and`. */
export function testOfName(module: PythonModule, use: PyNode): PyNode | undefined {
  const { parent } = use;
  if (parent?.type === 'comparison_operator') return meaningOf(module, parent) === undefined ? undefined : parent;
  return parent !== undefined && isCondition(parent, use) ? use : undefined;
}

/** Whether a node is `hasattr(keras.utils, 'multi_gpu_model')`. */
export function asksForName(module: PythonModule, node: PyNode): boolean {
  const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
  if (callee === undefined || module.source.textOf(callee) !== 'hasattr') return false;
  const [object, name] = callArguments(module.source, node).positional;
  return (
    object !== undefined &&
    name !== undefined &&
    module.source.textOf(name).slice(1, -1) === 'multi_gpu_model' &&
    module.origins.of(object).some((origin) => isLegacyFunction(`${origin}.multi_gpu_model`))
  );
}

/** Removes the tests on the name from a list of guards: it is known how they end. */
export function withoutNameTests(module: PythonModule, guards: readonly Guard<PyNode>[]): Guard<PyNode>[] {
  return guards.flatMap((guard): Guard<PyNode>[] => {
    if (guard.kind !== 'test') return [guard];
    const { holds } = guard;
    const operands = operandsOf(guard.test, holds ? 'and' : 'or');
    const rest = operands.filter((test) => meaningOf(module, test) !== (holds ? 'present' : 'absent'));
    return rest.length === operands.length ? [guard] : rest.map((test) => ({ kind: 'test', test, holds }));
  });
}

/** The edit after which a test on the name is gone; it is known to be true or false. */
export function removeNameTest(module: PythonModule, test: PyNode): TextEdit {
  const { parent } = test;
  const isPresent = meaningOf(module, test) !== 'absent';
  const operands = parent?.type === 'boolean_operator' ? namedChildren(parent) : [];
  const [left, right] = operands;
  const isAnd = parent?.children.some(({ type }) => type === 'and') === true;
  if (!isPresent || !isAnd || left === undefined || right === undefined)
    return { start: test.start, end: test.end, text: isPresent ? 'True' : 'False' };
  return left === test
    ? { start: left.start, end: right.start, text: '' }
    : { start: left.end, end: right.end, text: '' };
}

function operandsOf(test: PyNode, operator: 'and' | 'or'): PyNode[] {
  const [inner] = namedChildren(test);
  if (test.type === 'parenthesized_expression' && inner !== undefined) return operandsOf(inner, operator);
  const isJoined = test.type === 'boolean_operator' && test.children.some(({ type }) => type === operator);
  return isJoined ? namedChildren(test).flatMap((operand) => operandsOf(operand, operator)) : [test];
}

/** Whether a test holds if the name is there, or if it is not; undefined when it asks for something else. */
function meaningOf(module: PythonModule, test: PyNode): 'present' | 'absent' | undefined {
  const [first, second] = namedChildren(test);
  if (test.type === 'parenthesized_expression') return first === undefined ? undefined : meaningOf(module, first);
  if (test.type === 'not_operator') {
    const inner = first === undefined ? undefined : meaningOf(module, first);
    return inner === undefined ? undefined : inner === 'present' ? 'absent' : 'present';
  }
  const isComparison = test.type === 'comparison_operator';
  const name = isComparison ? first : test;
  if (name === undefined || !(asksForName(module, name) || module.origins.of(name).some(isLegacyFunction)))
    return undefined;
  if (!isComparison) return 'present';
  if (second?.type !== 'none') return undefined;
  return /(\bis|==)\s*None$/.test(module.source.textOf(test)) ? 'absent' : 'present';
}

/** Whether an expression decides a branch: alone, or with other operands. */
function isCondition(parent: PyNode, node: PyNode): boolean {
  return (
    parent.type === 'boolean_operator' ||
    parent.type === 'not_operator' ||
    (parent.type === 'conditional_expression' && namedChildren(parent)[1] === node) ||
    (/^(if_statement|elif_clause|while_statement)$/.test(parent.type) && node.field === 'condition')
  );
}
