/**
 * Between finding the changes and writing them: takes back those that do not verify, says on standard
 * error what was verified. Writes no file of the user's.
 */
import type { FileError } from '../../codemods/result.js';
import type { ReportedFile } from '../../report/run-report.js';
import type { CommandIo } from '../command-io.js';
import type { RunSettings } from '../run/run-settings.js';

import { type Verification, verifyChanges } from '../../verify/verify-changes.js';

/** The files as they go on. */
export interface VerifiedFiles {
  readonly files: readonly ReportedFile[];
  /** False when a training run was asked for and did not confirm the change. */
  readonly isProved: boolean;
}

/** @throws MirrorscopeError `PYTHON_UNAVAILABLE`, or `USAGE` for a script that is not there. */
export async function verifyFiles(
  files: readonly ReportedFile[],
  settings: RunSettings,
  io: CommandIo,
): Promise<VerifiedFiles> {
  const changes = files.flatMap(({ result, original }) =>
    result.output === undefined || original === undefined
      ? []
      : [{ path: result.path, original, output: result.output }],
  );
  const { mode = 'compile', ...options } = settings.verify ?? {};
  const verification = await verifyChanges(changes, {
    mode,
    ...options,
    root: settings.migration.root,
    environment: io.environment,
  });
  for (const line of verificationLines(verification)) io.stderr.write(`mirrorscope: ${line}\n`);
  const rejected = withGroups(verification.rejected, files);
  return {
    files: files.map((file) => {
      const error = rejected.get(file.result.path);
      return error === undefined ? file : takenBack(file, error);
    }),
    isProved: verification.run?.ok ?? true,
  };
}

/** Files that one change touched are written all or none. */
function withGroups(
  rejected: ReadonlyMap<string, FileError>,
  files: readonly ReportedFile[],
): ReadonlyMap<string, FileError> {
  const all = new Map(rejected);
  for (const { result, group } of files) {
    const cause = rejected.get(result.path);
    if (cause === undefined || group === undefined) continue;
    for (const other of files) {
      if (other.group !== group || all.has(other.result.path)) continue;
      all.set(other.result.path, {
        ...cause,
        message: `It changes together with ${result.path}, which failed: ${cause.message}`,
      });
    }
  }
  return all;
}

function takenBack({ result: { path, findings } }: ReportedFile, error: FileError): ReportedFile {
  return { result: { path, status: 'failed', findings, error }, todoMarks: 0 };
}

/** What was verified, for people. */
function verificationLines({ compiled, notPython3, run, reached }: Verification): string[] {
  const lines: string[] = [];
  if (compiled.length > 0)
    lines.push(`${compiled.length} changed Python ${plural(compiled.length, 'file compiles', 'files compile')}`);
  if (notPython3.length > 0) lines.push(`not Python 3 before or after, so not compiled: ${notPython3.join(', ')}`);
  if (run === undefined) return lines;
  lines.push(`${run.ok ? 'trains as before' : 'not verified'}: ${run.message}`);
  const unreached = compiled.filter((path) => !reached.includes(path));
  if (unreached.length > 0) lines.push(`the script does not load ${unreached.join(', ')}: compiled, not trained`);
  if (run.stderrTail !== '') lines.push(`the end of Python’s traceback:\n${indented(run.stderrTail)}`);
  return lines;
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-12)
    .map((line) => `    ${line}`)
    .join('\n');
}
