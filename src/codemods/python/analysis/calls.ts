/** Finds calls in a tree. Pure. */
import type { PythonModule } from './module.js';

import { childByField, descendants, type PyNode } from '../syntax/node.js';

import { calleeOf } from './statements.js';

/** A call with what it calls. */
export interface CallWithCallee {
  readonly call: PyNode;
  readonly callee: PyNode;
}

/** Every call inside a node. */
export function callsIn(within: PyNode): CallWithCallee[] {
  return [...descendants(within)].flatMap((call) => {
    const callee = calleeOf(call);
    return callee === undefined ? [] : [{ call, callee }];
  });
}

/** The name of a method that is called: `fit` of `model.fit`; undefined for a plain name. */
export function methodName({ source }: PythonModule, callee: PyNode): string | undefined {
  const member = callee.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
  return member === undefined ? undefined : source.textOf(member);
}
