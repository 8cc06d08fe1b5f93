/**
 * Runs between migrating and writing: rejects the changes that do not verify, and lists on standard error what was
 * verified. Writes none of the user's files.
 */
import type { ReportedFile } from '../../report/run-report.js';
import type { CommandIo } from '../command-io.js';
import type { VerifySettings } from './verify-settings.js';

import { pluralize } from '../../report/pluralize.js';
import { type Verification, verifyChanges } from '../../verify/verify-changes.js';

import { changedTexts, withRejected } from './rejected-files.js';

/** How many lines of a traceback are shown. */
const TRACEBACK_LINES = 12;

/** The files after the verification. */
export interface VerifiedFiles {
  readonly files: readonly ReportedFile[];
  /** False when a requested training run did not confirm the change. */
  readonly isProved: boolean;
}

/**
 * Verifies the changed files.
 *
 * @param files - The files of the run.
 * @param settings - How to verify.
 * @param root - Absolute path of the root of the run.
 * @param io - The environment variables and standard error.
 * @returns The files; those that do not verify are `failed` and keep their old text.
 * @throws {MirrorscopeError} `PYTHON_UNAVAILABLE`, or `USAGE` for a script that does not exist.
 */
export async function verifyFiles(
  files: readonly ReportedFile[],
  settings: VerifySettings,
  root: string,
  io: Pick<CommandIo, 'environment' | 'stderr'>,
): Promise<VerifiedFiles> {
  // The names are looked up in the texts that remain.
  const mode = settings.mode === 'run' ? 'run' : 'compile';
  const options = { ...settings, mode, root, environment: io.environment } as const;
  const verification = await verifyChanges(changedTexts(files), options);
  for (const line of verificationLines(verification)) io.stderr.write(`mirrorscope: ${line}\n`);
  return { files: withRejected(files, verification.rejected), isProved: verification.run?.ok ?? true };
}

/** Says what was verified. */
function verificationLines({ compiled, notPython3, run, reached }: Verification): string[] {
  const lines: string[] = [];
  if (compiled.length > 0)
    lines.push(pluralize(compiled.length, 'changed Python file compiles', 'changed Python files compile'));
  if (notPython3.length > 0)
    lines.push(`not compiled, because they are not Python 3 before or after: ${notPython3.join(', ')}`);
  if (run === undefined) return lines;
  lines.push(`${run.ok ? 'trains as before' : 'not verified'}: ${run.message}`);
  const unreached = compiled.filter((path) => !reached.includes(path));
  if (unreached.length > 0) lines.push(`only compiled, because the script does not load them: ${unreached.join(', ')}`);
  if (run.stderrTail !== '') lines.push(`the end of Python’s traceback:\n${indentedEnd(run.stderrTail)}`);
  return lines;
}

function indentedEnd(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-TRACEBACK_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}
