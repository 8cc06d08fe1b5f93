/** The input of every report: the results of one run over some files. Types, and pure functions on them. */
import type { FileResult, Finding } from '../codemods/result.js';

/** One file that was parsed, or that could not be read. */
export interface ReportedFile {
  readonly result: FileResult;
  /** The text before the run, with its byte-order mark; set if and only if the result is `changed`. */
  readonly original?: string;
  /** How many `TODO(mirrorscope)` marks the file contains after the run. */
  readonly todoMarks: number;
  /** One change can touch several files. They share a group and are written together or not at all. */
  readonly group?: string;
}

/** One run. */
export interface RunReport {
  /** The version of the tool. */
  readonly version: string;
  /** Whether the changes were written; otherwise they are a preview. */
  readonly applied: boolean;
  /** How many files were read. The prefilter skips most of them. */
  readonly filesScanned: number;
  /** How many of them passed the prefilter and were parsed. */
  readonly filesParsed: number;
  /** What people have to do outside the code because of the rewrites, one sentence each. */
  readonly followUps: readonly string[];
  /** In the order in which reports show them. Files without findings may be missing. */
  readonly files: readonly ReportedFile[];
}

/** Whether a report has anything to say about a file. */
export function isNoteworthy({ result, todoMarks }: ReportedFile): boolean {
  return result.status !== 'unchanged' || result.findings.length > 0 || todoMarks > 0;
}

/**
 * The findings that are still open after the run.
 *
 * @param file - One file of the run.
 * @param applied - Whether the changes were written.
 * @returns Findings at positions in the text that is now on disk, where `applied` is true.
 */
export function leftoverFindings(file: ReportedFile, applied: boolean): readonly Finding[] {
  if (!applied || file.result.status !== 'changed') return file.result.findings;
  return file.result.remaining ?? file.result.findings.filter(({ disposition }) => disposition !== 'rewrite');
}

/** Whether the run changes any file. */
export function hasChanges(report: RunReport): boolean {
  return report.files.some(({ result }) => result.status === 'changed');
}
