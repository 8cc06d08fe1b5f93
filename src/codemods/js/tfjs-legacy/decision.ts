/** What was decided about one use, and how it is told. Pure. */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { Change, Finding, Position, TextEdit } from '../../result.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { ExportUse } from './find-export-uses.js';
import type { LegacyUse, UseKind } from './site.js';

import { positionsIn } from '../../edits/positions.js';
import { RefusalReason } from '../../refusal-reason.js';

import { tfjsLegacyInfo } from './info.js';
import { withMovedTextEdited } from './moved-text.js';

/** Edits that stand for one or more uses. Identity tells which uses share them. */
export interface PlannedEdits {
  readonly edits: readonly TextEdit[];
}

export interface Decision {
  readonly entry: JavaScriptEntry;
  readonly kind: UseKind;
  /** What to point at. */
  readonly node: Node;
  readonly planned: PlannedEdits | undefined;
  /** Why nothing is planned for an entry that has a fix. */
  readonly reason: RefusalReason | undefined;
  /** Where the reason is to be seen, when that is another line. */
  readonly because?: Node | undefined;
}

/** How a use of an export looks in the code. */
export function kindOf({ entry, reference }: ExportUse): UseKind {
  if (entry.kind === 'option') return 'option';
  return reference.usage === 'type' ? 'type' : 'member';
}

/** The decision to leave a use as it is. */
export function refused(use: ExportUse, reason: RefusalReason): Decision {
  return { entry: use.entry, kind: kindOf(use), node: use.site.node, planned: undefined, reason };
}

/** Findings and changes from decisions; in source order. */
export function asLegacyUses(decisions: readonly Decision[], text: string): LegacyUse[] {
  const position = positionsIn(text);
  const found = decisions.map((decision) => ({ decision, finding: findingOf(decision, position) }));
  const changes = new Map<PlannedEdits, Change>();
  for (const { decision } of found) {
    const { planned, entry } = decision;
    if (planned === undefined || changes.has(planned)) continue;
    changes.set(planned, {
      findings: found.filter((each) => each.decision.planned === planned).map(({ finding }) => finding),
      edits: withMovedTextEdited(text, planned.edits),
      safety: entry.fixClass === 'report' ? 'suggestion' : 'safe',
    });
  }
  return found
    .map(({ decision, finding }) => ({
      kind: decision.kind,
      entry: decision.entry,
      finding,
      change: decision.planned === undefined ? undefined : changes.get(decision.planned),
    }))
    .sort((a, b) => a.finding.start.offset - b.finding.start.offset || a.finding.end.offset - b.finding.end.offset);
}

function findingOf(decision: Decision, position: (offset: number) => Position): Finding {
  const { entry, node, reason, planned } = decision;
  const place = {
    migration: tfjsLegacyInfo.name,
    api: entry.id,
    start: position(node.range[0]),
    end: position(node.range[1]),
  };
  if (entry.fixClass === 'report') return { ...place, message: entry.message, disposition: 'report' };
  if (planned !== undefined) return { ...place, message: entry.message, disposition: 'rewrite' };
  return {
    ...place,
    message: refusalMessage(decision, position),
    disposition: 'refuse',
    reason: reason ?? RefusalReason.ConditionNotProved,
  };
}

function refusalMessage({ entry, reason, because, node }: Decision, position: (offset: number) => Position): string {
  const parts = [entry.message];
  if (reason === RefusalReason.ConditionNotProved && entry.condition !== undefined)
    parts.push(`Rewritten only when: ${entry.condition}.`);
  if (because !== undefined) {
    const { line } = position(because.range[0]);
    if (line !== position(node.range[0]).line) parts.push(`See line ${line}.`);
  }
  return parts.join(' ');
}
