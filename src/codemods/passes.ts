/**
 * Runs migrations over one text, each on the output of the one before. A change that overlaps an earlier one waits for
 * the next pass. Findings are reported at positions in the original text. Pure.
 */
import type { LanguageSupport, Migration, MigrationContext } from './migration.js';
import type { Finding, Plan, TextEdit } from './result.js';
import type { Suppression } from './suppressions/suppression.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { applyEdits } from './edits/apply-edits.js';
import { withNewlinesOf } from './edits/newlines.js';
import { separateOverlapping } from './edits/overlap.js';
import { originalOffset, positionsIn } from './edits/positions.js';
import { findingMover } from './moved-finding.js';
import { unusedSuppression } from './suppressions/unused-suppressions.js';
import { withoutSuppressed } from './suppressions/without-suppressed.js';

/** Enough for changes nested three deep. A migration that needs more passes is rewriting its own output. */
const MAX_PASSES = 10;

/** What to run over the texts of one file. */
export interface FileMigrations<Source> {
  readonly language: LanguageSupport<Source>;
  readonly migrations: readonly Migration<Source>[];
  /** The file, as messages show it. */
  readonly path: string;
  readonly context: MigrationContext;
}

/** A text with its syntax tree. */
export interface ParsedText<Source> {
  readonly text: string;
  readonly source: Source;
}

/** The outcome of running the migrations over one text. */
export interface MigratedText<Source> extends ParsedText<Source> {
  /** Everything that was found, at positions in the original text. */
  readonly findings: readonly Finding[];
  /** Findings that are still open, at positions in the new text. */
  readonly remaining: readonly Finding[];
  /** Findings that follow from the changes, at positions in the new text. */
  readonly consequences: readonly Finding[];
}

/**
 * Runs all migrations once over a text.
 *
 * @param run - What to run.
 * @param original - The text and its tree.
 * @returns The new text with its tree, and the findings.
 * @throws {MirrorscopeError} `INTERNAL` when a migration does not end or its output does not parse.
 */
export function runMigrations<Source>(run: FileMigrations<Source>, original: ParsedText<Source>): MigratedText<Source> {
  const text = new TextInProgress(run, original);
  const recorder = new FindingRecorder(original.text);
  /** The comments that left something out, by their number: no edit removes one. */
  const used = new Set<number>();
  for (const migration of run.migrations) {
    for (let pass = 0, isLast = false; !isLast; pass++) {
      if (pass === MAX_PASSES) {
        throw new MirrorscopeError(
          ErrorCode.Internal,
          `The migration ${migration.name} keeps changing ${run.path}; the file was left unchanged.`,
        );
      }
      const plan = withoutSuppressed(migration.plan(text.source, run.context), text.suppressions, (suppression) => {
        used.add(text.suppressions.indexOf(suppression));
      });
      isLast = runPass(plan, text, recorder);
    }
  }
  recordUnused(run, text, used, recorder);
  const { remaining, consequences } = recorder.inNewText(text.applied, text.text);
  return { text: text.text, source: text.source, findings: recorder.findings, remaining, consequences };
}

/** Only a run of all migrations shows that a comment is not needed. */
function recordUnused<Source>(
  { context }: FileMigrations<Source>,
  text: TextInProgress<Source>,
  used: ReadonlySet<number>,
  recorder: FindingRecorder,
): void {
  if (context.migrations !== 'default') return;
  const position = positionsIn(text.text);
  for (const [index, suppression] of text.suppressions.entries())
    if (!suppression.isForEslint && !used.has(index))
      recorder.recordRemaining(unusedSuppression(suppression, position), text.applied);
}

/** Applies one plan. Returns whether the migration is done: no change was postponed, and no finding is waiting. */
function runPass<Source>(plan: Plan, text: TextInProgress<Source>, recorder: FindingRecorder): boolean {
  const { accepted, postponed } = separateOverlapping(plan.changes);
  for (const { findings, consequences = [] } of accepted) {
    for (const finding of findings) recorder.record(finding, text.applied);
    for (const finding of consequences) recorder.recordConsequence(finding, text.applied);
  }
  const isLast = postponed.length === 0 && plan.waiting === undefined;
  if (isLast) for (const finding of plan.findings) recorder.recordRemaining(finding, text.applied);
  text.apply(accepted.flatMap(({ edits }) => edits));
  return isLast;
}

/** The text that the migrations have produced so far. */
class TextInProgress<Source> {
  /** The edits of each pass, each relative to the text before it. */
  readonly applied: (readonly TextEdit[])[] = [];
  text: string;
  source: Source;
  suppressions: readonly Suppression[];
  readonly #run: FileMigrations<Source>;

  constructor(run: FileMigrations<Source>, { text, source }: ParsedText<Source>) {
    this.#run = run;
    this.text = text;
    this.source = source;
    this.suppressions = run.language.suppressions?.(source) ?? [];
  }

  apply(edits: readonly TextEdit[]): void {
    if (edits.length === 0) return;
    const withNewlines = withNewlinesOf(this.text, edits);
    this.text = applyEdits(this.text, withNewlines);
    this.applied.push(withNewlines);
    const { language, path, context } = this.#run;
    try {
      this.source = language.parse(path, this.text, context);
      this.suppressions = language.suppressions?.(this.source) ?? [];
    } catch (cause) {
      throw new MirrorscopeError(
        ErrorCode.Internal,
        `The new text of ${path} does not parse; the file was left unchanged.`,
        { cause },
      );
    }
  }
}

/** A finding at a position in the text after this many passes. */
interface FindingAfter {
  readonly finding: Finding;
  readonly passes: number;
}

/** Collects findings of intermediate texts and maps them to the original text and to the new one. */
class FindingRecorder {
  readonly findings: Finding[] = [];
  readonly #position: ReturnType<typeof positionsIn>;
  readonly #remaining: FindingAfter[] = [];
  readonly #consequences: FindingAfter[] = [];

  constructor(original: string) {
    this.#position = positionsIn(original);
  }

  /** Records a finding in the text that has the applied edits. */
  record(finding: Finding, applied: readonly (readonly TextEdit[])[]): void {
    const start = this.#position(offsetBefore(applied, finding.start.offset));
    const end = this.#position(Math.max(start.offset, offsetBefore(applied, finding.end.offset)));
    this.findings.push({ ...finding, start, end });
  }

  recordRemaining(finding: Finding, applied: readonly (readonly TextEdit[])[]): void {
    this.record(finding, applied);
    this.#remaining.push({ finding, passes: applied.length });
  }

  recordConsequence(finding: Finding, applied: readonly (readonly TextEdit[])[]): void {
    this.record(finding, applied);
    this.#consequences.push({ finding, passes: applied.length });
  }

  inNewText(
    applied: readonly (readonly TextEdit[])[],
    text: string,
  ): Pick<MigratedText<unknown>, 'remaining' | 'consequences'> {
    const moveFinding = findingMover(text);
    const move = ({ finding, passes }: FindingAfter): Finding => moveFinding(finding, applied.slice(passes));
    return { remaining: this.#remaining.map(move), consequences: this.#consequences.map(move) };
  }
}

/** Converts an offset after all passes to an offset in the original text. */
function offsetBefore(applied: readonly (readonly TextEdit[])[], offset: number): number {
  return applied.reduceRight((place, edits) => originalOffset(place, edits), offset);
}
