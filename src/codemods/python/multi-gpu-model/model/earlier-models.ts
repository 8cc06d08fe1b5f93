/** Tells the model of a wrap from another one that had its name before. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapGroup } from './wrap-group.js';

import { isLoop } from '../../analysis/statements.js';
import { definitionsReaching, type Variable } from '../../analysis/variables.js';
import { closest, contains, type PyNode } from '../../syntax/node.js';

/** Whether a mention refers to a model that was complete before the group began to build its own. */
export function isEarlierModel(
  module: PythonModule,
  { wraps, scopeStatements, aliases }: WrapGroup,
  mention: PyNode,
  variable: Variable,
): boolean {
  const sites = wraps.map(({ site }) => site.statement);
  const own = [...scopeStatements, ...aliases, ...sites];
  const first = Math.min(...own.map(({ start }) => start));
  if (mention.start >= first) return false;
  // In the next turn of a loop, the name holds the model of the turn before.
  const loop = closest(mention, (node) => isLoop(node) && sites.some((site) => contains(node, site)));
  if (loop !== undefined) return false;
  const { statements, complete } = definitionsReaching(module, variable, mention);
  return complete && statements.length > 0 && statements.every((statement) => !own.includes(statement));
}
