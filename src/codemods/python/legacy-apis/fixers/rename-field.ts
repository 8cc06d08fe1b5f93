/** Renames the identifier in one role of a node: `optimizer.lr`, or `Adam(lr=0.1)`. Pure. */
import type { TextEdit } from '../../../result.js';
import type { FixResult } from '../legacy-use.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { childByField, type PyNode } from '../../syntax/node.js';

/** Replaces the identifier in a role. */
export function renameField(use: PyNode, field: 'attribute' | 'name', to: string): FixResult {
  const edits = fieldEdits(use, field, to);
  return edits.length === 0 ? { reason: RefusalReason.ConditionNotProved } : { edits };
}

/** @returns No edit when the node has nothing in that role. */
export function fieldEdits(use: PyNode, field: 'attribute' | 'name', to: string): TextEdit[] {
  const name = childByField(use, field);
  return name === undefined ? [] : [{ start: name.start, end: name.end, text: to }];
}
