/** Recognizes names and attributes whose import leads to an entry's dotted name. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { MatchBy } from '../legacy-use.js';

import { childByField, type PyNode } from '../../syntax/node.js';

/** Whether a node is one of the names as a whole, outside of import statements. */
export function isNamed(module: PythonModule, node: PyNode, { names }: MatchBy<'qualified-name'>): boolean {
  if (node.type !== 'identifier' && !(node.type === 'attribute' && endsLikeOne(module, node, names))) return false;
  const { parent } = node;
  if (parent?.type === 'attribute' && node.field !== 'object') return false;
  if (parent?.type === 'dotted_name' || parent?.type === 'aliased_import') return false;
  return module.origins
    .of(node)
    .some((origin) => names.includes(origin.replace(/^tensorflow\.compat\.v[12]\./, 'tensorflow.')));
}

/** A cheap test before origins are resolved: an attribute has the last part of its origin. */
function endsLikeOne(module: PythonModule, node: PyNode, names: readonly string[]): boolean {
  const member = childByField(node, 'attribute');
  return member !== undefined && names.some((name) => name.endsWith(`.${module.source.textOf(member)}`));
}
