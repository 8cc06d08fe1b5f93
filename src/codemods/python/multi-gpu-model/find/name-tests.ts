/**
 * Recognizes tests on the name `multi_gpu_model` itself: `multi_gpu_model is not None` asks whether the import worked,
 * and a strategy is always there. Pure.
 */
import type { Guard } from '../../../lifecycle/guard.js';
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { namedChildren, type PyNode } from '../../syntax/node.js';

import { isLegacyFunction } from './legacy-api.js';

/** The test in which a use of the name stands: a comparison with `None`, or the name as an operand of `and`. */
export function testOfName(module: PythonModule, use: PyNode): PyNode | undefined {
  const { parent } = use;
  if (parent?.type === 'comparison_operator') return isNameTest(module, parent) ? parent : undefined;
  return parent !== undefined && isCondition(parent, use) ? use : undefined;
}

/** Removes the tests on the name from a list of guards: they always hold. */
export function withoutNameTests(module: PythonModule, guards: readonly Guard<PyNode>[]): Guard<PyNode>[] {
  return guards.flatMap((guard): Guard<PyNode>[] => {
    if (guard.kind !== 'test' || !guard.holds) return [guard];
    const conjuncts = conjunctsOf(guard.test);
    const rest = conjuncts.filter((test) => !isNameTest(module, test));
    return rest.length === conjuncts.length ? [guard] : rest.map((test) => ({ kind: 'test', test, holds: true }));
  });
}

/** The edit after which a test on the name is gone; it is known to be true or false. */
export function removeNameTest(module: PythonModule, test: PyNode): TextEdit {
  const { parent } = test;
  const isPresent = !/\bis\s+None$|==\s*None$/.test(module.source.textOf(test));
  const operands = parent?.type === 'boolean_operator' ? namedChildren(parent) : [];
  const [left, right] = operands;
  const isAnd = parent?.children.some(({ type }) => type === 'and') === true;
  if (!isPresent || !isAnd || left === undefined || right === undefined)
    return { start: test.start, end: test.end, text: isPresent ? 'True' : 'False' };
  return left === test
    ? { start: left.start, end: right.start, text: '' }
    : { start: left.end, end: right.end, text: '' };
}

function conjunctsOf(test: PyNode): PyNode[] {
  const [inner] = namedChildren(test);
  if (test.type === 'parenthesized_expression' && inner !== undefined) return conjunctsOf(inner);
  const isAnd = test.type === 'boolean_operator' && test.children.some(({ type }) => type === 'and');
  return isAnd ? namedChildren(test).flatMap(conjunctsOf) : [test];
}

function isNameTest(module: PythonModule, test: PyNode): boolean {
  const [name, other] = test.type === 'comparison_operator' ? namedChildren(test) : [test];
  const isName = name !== undefined && module.origins.of(name).some(isLegacyFunction);
  return isName && (other === undefined || other.type === 'none');
}

/** Whether an expression decides a branch: alone, or with other operands. */
function isCondition(parent: PyNode, node: PyNode): boolean {
  return (
    parent.type === 'boolean_operator' ||
    parent.type === 'not_operator' ||
    (/^(if_statement|elif_clause|while_statement)$/.test(parent.type) && node.field === 'condition')
  );
}
