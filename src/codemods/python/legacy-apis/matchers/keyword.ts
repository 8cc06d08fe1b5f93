/** Recognizes keyword arguments of calls whose callee is imported. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { MatchBy } from '../legacy-use.js';

import { childByField, type PyNode } from '../../syntax/node.js';

/** Whether a node is one of the keyword arguments, in a call of one of the callees. */
export function isKeyword(module: PythonModule, node: PyNode, { callees, keywords }: MatchBy<'keyword'>): boolean {
  if (node.type !== 'keyword_argument') return false;
  const name = childByField(node, 'name');
  if (name === undefined || !keywords.includes(module.source.textOf(name))) return false;
  const call = node.parent?.parent;
  const callee = call?.type === 'call' ? childByField(call, 'function') : undefined;
  return (
    callee !== undefined &&
    module.origins.of(callee).some((origin) => callees.some((pattern) => matchesPattern(origin, pattern)))
  );
}

function matchesPattern(origin: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? origin.startsWith(pattern.slice(0, -1)) : origin === pattern;
}
