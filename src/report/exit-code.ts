/** The exit code of the command line, and how it follows from the report of a run. Pure. */
import { ErrorCode } from '../errors/error-code.js';

import { leftoverFindings, type RunReport } from './run-report.js';

/** What the process returns to the shell. Scripts rely on these numbers, so they never change. */
export enum ExitCode {
  /** Nothing is left to do. */
  Done = 0,
  /** Changes are pending, findings are left for a person, or a file cannot be migrated as it is (syntax, encoding). */
  WorkLeft = 1,
  /**
   * The command line is wrong, a file cannot be read or written, a verification failed, or mirrorscope itself failed.
   */
  Failed = 2,
}

/** The exit codes as the help explains them. */
export const EXIT_CODE_MEANINGS: ReadonlyMap<ExitCode, string> = new Map([
  [ExitCode.Done, 'nothing is left to do'],
  [ExitCode.WorkLeft, 'changes are pending, findings need a person, or a file does not parse'],
  [ExitCode.Failed, 'the command line is wrong, a file cannot be read or written, or mirrorscope failed'],
]);

const ERRORS_IN_THE_USERS_FILE: ReadonlySet<string> = new Set([ErrorCode.Syntax, ErrorCode.Encoding]);

/**
 * The exit code of a run over files.
 *
 * @param report - The report of the whole run.
 * @returns `Failed` if at least one file failed for a reason other than its own text.
 */
export function exitCodeOf(report: RunReport): ExitCode {
  let code = ExitCode.Done;
  for (const file of report.files) {
    const { status, error } = file.result;
    if (status === 'failed' && (error === undefined || !ERRORS_IN_THE_USERS_FILE.has(error.code)))
      return ExitCode.Failed;
    if (status === 'failed' || (status === 'changed' && !report.applied)) code = ExitCode.WorkLeft;
    if (leftoverFindings(file, report.applied).length > 0) code = ExitCode.WorkLeft;
  }
  return code;
}
