/** Recognizes methods and attributes of a strategy, a Keras model or an optimizer. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { MatchBy } from '../legacy-use.js';

import { childByField, type PyNode } from '../../syntax/node.js';
import { RECEIVER_PROOFS } from '../receivers/receiver-proof-table.js';

/** Whether a node is one of the members, of a value that is proved to be of the entry's type. */
export function isMember(module: PythonModule, node: PyNode, match: MatchBy<'receiver'>): boolean {
  if (node.type !== 'attribute') return false;
  const object = childByField(node, 'object');
  const member = childByField(node, 'attribute');
  if (object === undefined || member === undefined) return false;
  const name = module.source.textOf(member);
  return match.members.includes(name) && RECEIVER_PROOFS[match.type](module, { node, object, name }, match);
}
