/** Decides how to rewrite module specifiers that are in the catalogue. Pure. */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { Decision } from './decision.js';
import type { FileView } from './site.js';

import { RefusalReason } from '../../refusal-reason.js';

import { findModuleUses, moduleEdits, type RewrittenExports } from './module-uses.js';

export function decideModuleUses(
  file: FileView,
  rewritten: RewrittenExports,
  isWanted: (entry: JavaScriptEntry) => boolean,
): Decision[] {
  return findModuleUses(file)
    .filter(({ entry }) => isWanted(entry))
    .map((use): Decision => {
      const { entry, source } = use;
      const edits = entry.fix === undefined ? undefined : moduleEdits(file, use, entry.fix, rewritten);
      const common = { entry, kind: 'import', node: source.literal } as const;
      if (Array.isArray(edits)) return { ...common, planned: { edits }, reason: undefined };
      if (typeof edits !== 'object') return { ...common, planned: undefined, reason: edits };
      const because = { name: edits.name, node: edits.node };
      return { ...common, planned: undefined, reason: RefusalReason.BlockedByAnotherUse, because };
    });
}
