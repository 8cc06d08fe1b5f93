/**
 * Runs migrations over one text, each on the output of the one before, until none changes it any more. A change that
 * overlaps an earlier one waits for the next pass. Findings are reported at positions in the original text. Pure.
 */
import type { LanguageSupport, Migration, MigrationContext } from './migration.js';
import type { Finding, Plan, TextEdit } from './result.js';
import type { Suppression } from './suppressions/suppression.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { applyEdits } from './edits/apply-edits.js';
import { keepComments } from './edits/keep-comments.js';
import { withNewlinesOf } from './edits/newlines.js';
import { separateOverlapping } from './edits/overlap.js';
import { originalOffset, positionsIn } from './edits/positions.js';
import { findingMover } from './moved-finding.js';
import { PossibleNames } from './suppressions/possible-names.js';
import { unusedSuppression } from './suppressions/unused-suppressions.js';
import { withoutSuppressed } from './suppressions/without-suppressed.js';

/** Enough for changes nested three deep. A migration that needs more passes is rewriting its own output. */
const MAX_PASSES = 10;
/** A change can make another one possible, a few times. Migrations that need more rounds undo each other's work. */
const MAX_ROUNDS = 5;

/** What to run over the texts of one file. */
export interface FileMigrations<Source> {
  readonly language: LanguageSupport<Source>;
  /** The migrations of the run that may find something in a text. A change can add what another one looks for. */
  migrationsFor(text: string): readonly Migration<Source>[];
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
  /** What another run finds in the new text, at positions in it. */
  readonly remaining: readonly Finding[];
  /** Findings that follow from the changes, at positions in the new text. */
  readonly consequences: readonly Finding[];
}

/**
 * Runs all migrations over a text, and again over the new text, until nothing changes any more.
 *
 * @param run - What to run.
 * @param original - The text and its tree.
 * @returns The new text with its tree, and the findings.
 * @throws {MirrorscopeError} `INTERNAL` when the migrations do not end or their output does not parse.
 */
export function runMigrations<Source>(run: FileMigrations<Source>, original: ParsedText<Source>): MigratedText<Source> {
  const text = new TextInProgress(run, original);
  const recorder = new FindingRecorder(original.text);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = text.text;
    runRound(run, text, recorder);
    if (text.text === before)
      return { text: text.text, source: text.source, ...recorder.result(text.applied, text.text) };
    recorder.startRound();
  }
  throw keepsChanging(run, 'The migrations keep');
}

/** Runs each migration once over what the one before has made. */
function runRound<Source>(run: FileMigrations<Source>, text: TextInProgress<Source>, recorder: FindingRecorder): void {
  /** The comments that left something out, by their number: no edit removes one. */
  const used = new Set<number>();
  const possible = new PossibleNames();
  for (const migration of run.migrationsFor(text.text)) {
    for (let pass = 0, isLast = false; !isLast; pass++) {
      if (pass === MAX_PASSES) throw keepsChanging(run, `The migration ${migration.name} keeps`);
      const whole = migration.plan(text.source, run.context);
      possible.add(whole, text.suppressions);
      const plan = withoutSuppressed(whole, text.suppressions, (suppression) => {
        used.add(text.suppressions.indexOf(suppression));
      });
      isLast = runPass(text.withComments(plan), text, recorder);
    }
  }
  recordUnused(run, text, { used, possible }, recorder);
}

function keepsChanging<Source>({ path }: FileMigrations<Source>, what: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.Internal, `${what} changing ${path}; the file was left unchanged.`);
}

/** Only a run of all migrations shows that a comment is not needed. */
function recordUnused<Source>(
  { context }: FileMigrations<Source>,
  text: TextInProgress<Source>,
  { used, possible }: { readonly used: ReadonlySet<number>; readonly possible: PossibleNames },
  recorder: FindingRecorder,
): void {
  if (context.migrations !== 'default') return;
  const position = positionsIn(text.text);
  for (const [index, suppression] of text.suppressions.entries())
    if (!suppression.isForEslint && !used.has(index))
      recorder.recordRemaining(unusedSuppression(suppression, position, possible.of(index)), text.applied);
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

  /** The plan, without changes that lose comments. */
  withComments(plan: Plan): Plan {
    const commented = this.#run.language.commented?.(this.source);
    return commented === undefined ? plan : keepComments(plan, commented);
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

/** A finding at its position in the original text. */
interface Recorded {
  readonly finding: Finding;
  /** The round that left it; undefined for what was changed. */
  readonly leftIn: number | undefined;
}

/** Collects findings of intermediate texts and maps them to the original text and to the new one. */
class FindingRecorder {
  readonly #recorded: Recorded[] = [];
  readonly #position: ReturnType<typeof positionsIn>;
  readonly #consequences: FindingAfter[] = [];
  #remaining: FindingAfter[] = [];
  #round = 0;

  constructor(original: string) {
    this.#position = positionsIn(original);
  }

  /** A round that follows a change decides anew about what is left. */
  startRound(): void {
    this.#round++;
    this.#remaining = [];
  }

  /** Records a finding in the text that has the applied edits. */
  record(finding: Finding, applied: readonly (readonly TextEdit[])[], leftIn?: number): void {
    const start = this.#position(offsetBefore(applied, finding.start.offset));
    const end = this.#position(Math.max(start.offset, offsetBefore(applied, finding.end.offset)));
    this.#recorded.push({ finding: { ...finding, start, end }, leftIn });
  }

  recordRemaining(finding: Finding, applied: readonly (readonly TextEdit[])[]): void {
    this.record(finding, applied, this.#round);
    this.#remaining.push({ finding, passes: applied.length });
  }

  recordConsequence(finding: Finding, applied: readonly (readonly TextEdit[])[]): void {
    this.record(finding, applied);
    this.#consequences.push({ finding, passes: applied.length });
  }

  /** The findings after a round that changed nothing. What is left in the original text, the round before it tells. */
  result(
    applied: readonly (readonly TextEdit[])[],
    text: string,
  ): Pick<MigratedText<unknown>, 'findings' | 'remaining' | 'consequences'> {
    const moveFinding = findingMover(text);
    const move = ({ finding, passes }: FindingAfter): Finding => moveFinding(finding, applied.slice(passes));
    const lastChange = Math.max(0, this.#round - 1);
    return {
      findings: this.#recorded
        .filter(({ leftIn }) => leftIn === undefined || leftIn === lastChange)
        .map(({ finding }) => finding),
      remaining: this.#remaining.map(move),
      consequences: this.#consequences.map(move),
    };
  }
}

/** Converts an offset after all passes to an offset in the original text. */
function offsetBefore(applied: readonly (readonly TextEdit[])[], offset: number): number {
  return applied.reduceRight((place, edits) => originalOffset(place, edits), offset);
}
