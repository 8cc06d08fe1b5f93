/**
 * The findings that a project has accepted: those of a baseline file are not reported again. A finding is recognized by
 * its file, what it is about, and the code of its line, so that it may move within the file. Pure.
 */
import type { Finding } from '../../codemods/result.js';
import type { ReportedFile } from '../../report/run-report.js';

import { splitByteOrderMark } from '../../codemods/edits/encoded-text.js';
import { SUPPRESSION_FINDINGS } from '../../codemods/suppressions/unused-suppressions.js';

/** One or more equal findings of a file. */
export interface BaselineEntry {
  readonly migration: string;
  readonly api: string;
  /** Why it was refused; missing for findings that are only reported. */
  readonly reason?: string | undefined;
  /** The line in which it begins, without the white space around it. */
  readonly code: string;
  /** How many there are. */
  readonly count: number;
}

/** The accepted findings of each file, by its path. */
export type Baseline = ReadonlyMap<string, readonly BaselineEntry[]>;

/** A long line, for example of a notebook without line breaks, is told by its beginning. */
const MAX_CODE_LENGTH = 200;

/** Returns the text in which the findings of a file have their positions, with or without a byte-order mark. */
export type TextOf = (file: ReportedFile) => string;

/** What a baseline accepts in a run. */
export interface Accepted {
  /** The files without the accepted findings. */
  readonly files: readonly ReportedFile[];
  /** How many findings were accepted. */
  readonly accepted: number;
  /** How many entries of the files of the run have no finding any more. */
  readonly stale: number;
}

/**
 * Leaves out the accepted findings. Rewrites are never accepted: they are made.
 *
 * @param files - The files of the run.
 * @param baseline - The accepted findings, by the paths of the run.
 * @param textOf - The text of a file before the run.
 * @returns What is left.
 */
export function withoutAccepted(files: readonly ReportedFile[], baseline: Baseline, textOf: TextOf): Accepted {
  let accepted = 0;
  let stale = 0;
  const left = files.map((file): ReportedFile => {
    const entries = baseline.get(file.result.path);
    if (entries === undefined || file.result.status === 'failed') return file;
    const { findings, remaining, output } = file.result;
    const before = new Budget(entries, textOf(file));
    const kept = findings.filter((finding) => !before.accepts(finding));
    accepted += findings.length - kept.length;
    stale += before.left;
    if (remaining === undefined) return { ...file, result: { ...file.result, findings: kept } };
    const after = new Budget(entries, output ?? '');
    return {
      ...file,
      result: { ...file.result, findings: kept, remaining: remaining.filter((finding) => !after.accepts(finding)) },
    };
  });
  return { files: left, accepted, stale };
}

/**
 * Collects the findings of a run that a baseline can accept.
 *
 * @param files - The files of the run.
 * @param findingsOf - The findings of a file.
 * @param textOf - The text in which they have their positions.
 * @returns The baseline.
 */
export function baselineOf(
  files: readonly ReportedFile[],
  findingsOf: (file: ReportedFile) => readonly Finding[],
  textOf: TextOf,
): Baseline {
  const baseline = new Map<string, BaselineEntry[]>();
  for (const file of files) {
    const findings = findingsOf(file).filter(canBeAccepted);
    if (findings.length === 0) continue;
    const lines = linesOf(textOf(file));
    const counted = new Map<string, BaselineEntry>();
    for (const { migration, api, reason, start } of findings) {
      const entry = { migration, api, reason, code: codeIn(lines, start.line), count: 1 };
      const key = keyOf(entry);
      counted.set(key, { ...entry, count: (counted.get(key)?.count ?? 0) + 1 });
    }
    baseline.set(file.result.path, [...counted.values()]);
  }
  return baseline;
}

/** Warnings belong to a rewrite, and a comment that leaves nothing out is removed rather than accepted. */
function canBeAccepted({ disposition, migration }: Finding): boolean {
  return (disposition === 'refuse' || disposition === 'report') && migration !== SUPPRESSION_FINDINGS;
}

/** How many findings of each kind may still be left out of a file. */
class Budget {
  readonly #counts = new Map<string, number>();
  readonly #lines: readonly string[];

  constructor(entries: readonly BaselineEntry[], text: string) {
    for (const entry of entries) this.#counts.set(keyOf(entry), (this.#counts.get(keyOf(entry)) ?? 0) + entry.count);
    this.#lines = linesOf(text);
  }

  accepts(finding: Finding): boolean {
    if (!canBeAccepted(finding)) return false;
    const key = keyOf({ ...finding, code: codeIn(this.#lines, finding.start.line) });
    const count = this.#counts.get(key) ?? 0;
    if (count === 0) return false;
    this.#counts.set(key, count - 1);
    return true;
  }

  /** Entries of which not every finding was seen. */
  get left(): number {
    return [...this.#counts.values()].filter((count) => count > 0).length;
  }
}

function keyOf({ migration, api, reason, code }: Omit<BaselineEntry, 'count'>): string {
  return JSON.stringify([migration, api, reason ?? null, code]);
}

function linesOf(text: string): readonly string[] {
  return splitByteOrderMark(text).body.split('\n');
}

function codeIn(lines: readonly string[], line: number): string {
  return (lines[line - 1] ?? '').trim().slice(0, MAX_CODE_LENGTH);
}
