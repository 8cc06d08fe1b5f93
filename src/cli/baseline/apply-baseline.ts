/** Takes the accepted findings out of a run, or accepts all that it has left. Reads files; writes the baseline file. */
import type { ReportedFile } from '../../report/run-report.js';
import type { CommandIo } from '../command-io.js';

import path from 'node:path';

import { pluralize } from '../../report/pluralize.js';
import { leftoverFindings } from '../../report/run-report.js';
import { readSource } from '../../scan/read-file.js';

import { baselineOf, type TextOf, withoutAccepted } from './baseline.js';
import { readBaseline, writeBaseline } from './baseline-file.js';

/** Which baseline a run has. */
export interface BaselineSettings {
  /** Absolute path of the file. */
  readonly file: string;
  /** Whether to accept whatever the run has left. */
  readonly update: boolean;
}

/**
 * Applies a baseline to the outcome of a run.
 *
 * @param files - The files of the run, after writing.
 * @param settings - The baseline.
 * @param run - The folder of the run, whether the changes were written, and which files it looked at.
 * @param io - Standard error, for one line about the baseline.
 * @returns The files without the accepted findings.
 * @throws {MirrorscopeError} `CONFIGURATION` or `FILE_ACCESS`.
 */
export function applyBaseline(
  files: readonly ReportedFile[],
  { file, update }: BaselineSettings,
  {
    root,
    applied,
    scanned,
  }: { readonly root: string; readonly applied: boolean; readonly scanned: ReadonlySet<string> },
  { stderr }: Pick<CommandIo, 'stderr'>,
): readonly ReportedFile[] {
  const textBefore: TextOf = ({ original, result }) => original ?? currentText(root, result.path);
  const textNow: TextOf = (each) => (applied ? (each.result.output ?? textBefore(each)) : textBefore(each));
  if (update) {
    const accepted = baselineOf(files, (each) => leftoverFindings(each, applied), textNow);
    writeBaseline(file, root, accepted, (name) => scanned.has(name) || accepted.has(name));
  }
  const { files: left, accepted, stale } = withoutAccepted(files, readBaseline(file, root), textBefore);
  const name = path.relative(root, file);
  if (accepted > 0)
    stderr.write(`mirrorscope: left out ${pluralize(accepted, 'finding', 'findings')} of the baseline ${name}\n`);
  if (stale > 0 && !update)
    stderr.write(
      `mirrorscope: ${pluralize(stale, 'entry', 'entries')} of the baseline ${name} no longer found; --update-baseline removes them\n`,
    );
  return left;
}

function currentText(root: string, displayPath: string): string {
  try {
    return readSource(path.resolve(root, displayPath), displayPath);
  } catch {
    return '';
  }
}
