/** Takes back the changes whose new text the language itself rejects. Starts Python if a Python file changes. */
import type { ReportedFile } from '../../report/run-report.js';

import { rejectedByPython } from '../../verify/language-check.js';

import { changedTexts, withRejected } from './rejected-files.js';

/**
 * Checks the new texts of a run.
 *
 * @param files - The files of the run.
 * @param root - Absolute path of the folder of the run.
 * @param environment - The environment variables.
 * @returns The files; those whose new text was rejected are `failed`.
 */
export async function withoutRejected(
  files: readonly ReportedFile[],
  root: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly ReportedFile[]> {
  return withRejected(files, await rejectedByPython(changedTexts(files), root, environment));
}
