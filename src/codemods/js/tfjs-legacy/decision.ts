/** Describes the decision about one use, and makes its finding. Pure. */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { Change, Finding, Position, TextEdit } from '../../result.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { ExportUse } from './find-export-uses.js';
import type { LegacyUse, UseKind } from './site.js';

import { positionsIn } from '../../edits/positions.js';
import { RefusalReason } from '../../refusal-reason.js';

import { tfjsLegacyInfo } from './info.js';
import { withMovedTextEdited } from './moved-text.js';

/** Edits for one or more uses. Uses that share the edits hold the same object. */
export interface PlannedEdits {
  readonly edits: readonly TextEdit[];
}

/** Another use of the file, and the name that it uses. */
export interface OtherUse {
  readonly name: string;
  readonly node: Node;
}

export interface Decision {
  readonly entry: JavaScriptEntry;
  readonly kind: UseKind;
  /** The node that the finding points at. */
  readonly node: Node;
  readonly planned: PlannedEdits | undefined;
  /** Why nothing is planned for an entry that has a fix. */
  readonly reason: RefusalReason | undefined;
  /** The use that is the reason, when it is another one. */
  readonly because?: OtherUse | undefined;
  /** The type of the receiver is not proved. */
  readonly isProbable?: boolean;
}

/** The syntax of a use of an export. */
export function kindOf({ entry, reference }: ExportUse): UseKind {
  if (entry.kind === 'option') return 'option';
  return reference.usage === 'type' ? 'type' : 'member';
}

/** The decision to leave a use untouched. */
export function refused(use: ExportUse, reason: RefusalReason): Decision {
  return { entry: use.entry, kind: kindOf(use), node: use.site.node, planned: undefined, reason };
}

/** Makes findings and changes from decisions. @returns The uses in source order. */
export function asLegacyUses(decisions: readonly Decision[], text: string): LegacyUse[] {
  const position = positionsIn(text);
  const found = decisions.map((decision) => ({ decision, finding: findingOf(decision, position) }));
  const changes = new Map<PlannedEdits, Change>();
  const together = new Map<PlannedEdits, Finding[]>();
  for (const { decision, finding } of found) {
    const { planned, entry } = decision;
    if (planned === undefined) continue;
    const findings = together.get(planned) ?? [];
    findings.push(finding);
    if (together.has(planned)) continue;
    together.set(planned, findings);
    changes.set(planned, {
      findings,
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
  const base = {
    migration: tfjsLegacyInfo.name,
    api: entry.id,
    start: position(node.range[0]),
    end: position(node.range[1]),
  };
  if (entry.fixClass === 'report') return { ...base, message: reportMessage(decision), disposition: 'report' };
  if (planned !== undefined) return { ...base, message: entry.message, disposition: 'rewrite' };
  return {
    ...base,
    message: refusalMessage(decision, position),
    disposition: 'refuse',
    reason: reason ?? RefusalReason.ConditionNotProved,
  };
}

function reportMessage({ entry, isProbable }: Decision): string {
  if (isProbable !== true || entry.match.by !== 'receiver') return entry.message;
  return `${entry.message} The receiver is probably a ${entry.match.type}.`;
}

function refusalMessage({ entry, reason, because, node }: Decision, position: (offset: number) => Position): string {
  const parts = [entry.message];
  if (reason === RefusalReason.ConditionNotProved && entry.condition !== undefined)
    parts.push(`Rewritten only when: ${entry.condition}.`);
  if (because !== undefined) {
    const { line } = position(because.node.range[0]);
    if (reason === RefusalReason.BlockedByAnotherUse) parts.push(`${because.name} in line ${line} stands in the way.`);
    else if (line !== position(node.range[0]).line) parts.push(`See ${because.name} in line ${line}.`);
  }
  return parts.join(' ');
}
