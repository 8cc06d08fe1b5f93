/**
 * One run of the migrations over a text, each on what the one before left. A change that overlaps
 * an earlier one waits for the next pass. Findings are told in places of the original text. Pure.
 */
import type { LanguageSupport, Migration, MigrationContext } from './migration.js';
import type { Finding, TextEdit } from './result.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { applyEdits } from './edits/apply-edits.js';
import { withNewlinesOf } from './edits/newlines.js';
import { separateOverlapping } from './edits/overlap.js';
import { originalOffset, positionsIn } from './edits/positions.js';

/** Enough for a change inside a change inside a change; more means that a migration feeds itself. */
const MOST_PASSES = 10;

export interface MigratedText {
  readonly text: string;
  /** Everything found, in places of the original text. */
  readonly findings: readonly Finding[];
  /** What is left in the new text, in places of the new text. */
  readonly remaining: readonly Finding[];
  /** What follows from the changes, in places of the new text. */
  readonly consequences: readonly Finding[];
}

export function migrateOnce<Source>(
  language: LanguageSupport<Source>,
  migrations: readonly Migration<Source>[],
  path: string,
  original: string,
  context: MigrationContext,
): MigratedText {
  let text = original;
  let source = language.parse(path, text);
  const applied: TextEdit[][] = [];
  const position = positionsIn(original);
  const findings: Finding[] = [];
  const remaining: { finding: Finding; after: number }[] = [];
  const consequences: { finding: Finding; after: number }[] = [];

  const inOriginal = (offset: number, after: number): number => {
    let place = offset;
    for (let index = after - 1; index >= 0; index--) place = originalOffset(place, applied[index]!);
    return place;
  };
  const record = (finding: Finding): void => {
    const start = position(inOriginal(finding.start.offset, applied.length));
    const end = position(Math.max(start.offset, inOriginal(finding.end.offset, applied.length)));
    findings.push({ ...finding, start, end });
  };

  for (const migration of migrations) {
    for (let pass = 0; ; pass++) {
      if (pass === MOST_PASSES) {
        throw new MirrorscopeError(
          ErrorCode.Internal,
          `The migration ${migration.name} does not come to an end in ${path}.`,
        );
      }
      const plan = migration.plan(source, context);
      const { accepted, postponed } = separateOverlapping(plan.changes);
      for (const change of accepted) {
        change.findings.forEach(record);
        for (const finding of change.consequences ?? []) {
          record(finding);
          consequences.push({ finding, after: applied.length });
        }
      }
      const isLast = postponed.length === 0 && plan.waiting === undefined;
      if (isLast) {
        for (const finding of plan.findings) {
          record(finding);
          remaining.push({ finding, after: applied.length });
        }
      }
      const edits = withNewlinesOf(
        text,
        accepted.flatMap((change) => change.edits),
      );
      if (edits.length > 0) {
        text = applyEdits(text, edits);
        applied.push(edits);
        source = language.parse(path, text);
      }
      if (isLast) break;
    }
  }
  const moved = ({ finding, after }: { finding: Finding; after: number }): Finding =>
    inNewText(finding, applied.slice(after), text);
  return { text, findings, remaining: remaining.map(moved), consequences: consequences.map(moved) };
}

/** Where a finding stands after further edits: where they replace its place, at what replaces it. */
export function inNewText(finding: Finding, applied: readonly (readonly TextEdit[])[], text: string): Finding {
  const move = (offset: number): number => {
    let place = offset;
    for (const edits of applied) {
      let shift = 0;
      for (const edit of edits) {
        if (edit.end <= place) shift += edit.text.length - (edit.end - edit.start);
        else if (edit.start < place) shift += Math.min(0, edit.start + edit.text.length - place);
      }
      place += shift;
    }
    return Math.min(place, text.length);
  };
  const position = positionsIn(text);
  return { ...finding, start: position(move(finding.start.offset)), end: position(move(finding.end.offset)) };
}
