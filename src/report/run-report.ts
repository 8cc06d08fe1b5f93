/**
 * What every report is made from: the results of one run over some files. Types and pure
 * questions about them.
 */
import type { FileResult, Finding } from '../codemods/result.js';

import { ErrorCode } from '../errors/error-code.js';

/** One file that was looked at closely, or that could not be. */
export interface ReportedFile {
  readonly result: FileResult;
  /** The text before the run, byte-order mark included, when and only when the result is `changed`. */
  readonly original?: string;
  /** How many `TODO(mirrorscope)` marks stand in the file after the run. */
  readonly todoMarks: number;
  /** Files with the same group were changed by one change: they are written all together or not at all. */
  readonly group?: string;
  /** What is left after the change, with positions in the new text; absent where nothing was written. */
  readonly remaining?: readonly Finding[];
}

/** One run. */
export interface RunReport {
  /** The version of the tool. */
  readonly version: string;
  /** Whether the changes were written; else they are a preview. */
  readonly applied: boolean;
  /** How many files were looked at, most of them only for a literal. */
  readonly filesScanned: number;
  /** How many of them held a literal and were parsed. */
  readonly filesParsed: number;
  /** What is left for people to do outside of the code, because of what was rewritten. */
  readonly followUps: readonly string[];
  /** In the order in which reports show them. Files with nothing to say may be left out. */
  readonly files: readonly ReportedFile[];
}

/** Whether a file has anything for a report to say. */
export function isNoteworthy({ result, todoMarks }: ReportedFile): boolean {
  return result.status !== 'unchanged' || result.findings.length > 0 || todoMarks > 0;
}

/** The places that a person still has to look at, or that the run has not rewritten. */
export function leftoverFindings(file: ReportedFile, applied: boolean): readonly Finding[] {
  if (!applied || file.result.status !== 'changed') return file.result.findings;
  return file.remaining ?? file.result.findings.filter((finding) => finding.disposition !== 'rewrite');
}

/**
 * What the process returns: 0 nothing left, 1 changes pending or places left, 2 the tool could not
 * do its work (it failed itself, or a file could not be read or written).
 */
export function exitCodeOf(report: RunReport): 0 | 1 | 2 {
  let code: 0 | 1 = 0;
  for (const file of report.files) {
    const { status, error } = file.result;
    if (status === 'failed' && error?.code !== ErrorCode.Syntax && error?.code !== ErrorCode.Encoding) return 2;
    if (status === 'failed' || (status === 'changed' && !report.applied)) code = 1;
    if (leftoverFindings(file, report.applied).length > 0) code = 1;
  }
  return code;
}
