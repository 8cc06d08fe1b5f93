/** Reads what decides whether a wrap runs: every branch, loop and `try` between a block and the wrap in it. Pure. */
import type { Guard } from '../../../lifecycle/guard.js';
import type { WrapSite } from '../find/wrap-site.js';

import { branchesOf, isLoop, statementOf } from '../../analysis/statements.js';
import { childByField, contains, type PyNode } from '../../syntax/node.js';

/** The guards of a wrap, outermost first. */
export function guardsOfWrap({ statement, conditional }: WrapSite, block: PyNode): Guard<PyNode>[] {
  const guards = guardsOf(statement, block);
  if (conditional !== undefined)
    guards.push({ kind: 'test', test: conditional.condition, holds: !conditional.negated });
  return guards;
}

/** The guards between a block and a statement in it, outermost first. */
export function guardsOf(statement: PyNode, block: PyNode): Guard<PyNode>[] {
  const guards: Guard<PyNode>[] = [];
  for (let node = statement; node !== block;) {
    const owner = node.parent;
    if (owner === undefined || owner === block) break;
    if (owner.type !== 'block' || owner.parent === undefined) {
      node = owner;
      continue;
    }
    const outer = statementOf(owner.parent);
    guards.unshift(...guardsIn(outer, owner));
    node = outer;
  }
  return guards;
}

/** What a compound statement requires for one of its blocks. */
function guardsIn(statement: PyNode, block: PyNode): Guard<PyNode>[] {
  if (isLoop(statement)) return [{ kind: 'loop', loop: statement }];
  if (statement.type === 'if_statement') return testsBefore(statement, block);
  if (statement.type !== 'try_statement') return [];
  const isFallback =
    childByField(statement, 'body') === block && !statement.children.some(({ type }) => type === 'finally_clause');
  return [{ kind: isFallback ? 'fallback' : 'handler', attempt: statement }];
}

function testsBefore(statement: PyNode, block: PyNode): Guard<PyNode>[] {
  const guards: Guard<PyNode>[] = [];
  for (const { condition, block: arm } of branchesOf(statement)) {
    const isArm = arm === block || contains(arm, block);
    if (condition !== undefined) guards.push({ kind: 'test', test: condition, holds: isArm });
    if (isArm) break;
  }
  return guards;
}
