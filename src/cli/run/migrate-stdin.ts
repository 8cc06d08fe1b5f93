/**
 * Migrates one text from standard input to standard output, for editors and other programs. Reads files; writes none.
 */
import type { ReportedFile, RunReport } from '../../report/run-report.js';
import type { CommandIo } from '../command-io.js';
import type { RunSettings } from './run-settings.js';

import path from 'node:path';

import { decodeUtf8 } from '../../codemods/edits/encoded-text.js';
import { failedResult } from '../../codemods/failed-result.js';
import { languageOf } from '../../codemods/registry.js';
import { ExitCode, exitCodeOf } from '../../report/exit-code.js';
import { DEFAULT_FORMAT } from '../../report/formats-table.js';
import { createPalette, wantsColour } from '../../report/palette.js';
import { migrateReadText } from '../../scan/migrate-file.js';
import { runEnvironment } from '../../scan/run-environment.js';
import { relativePath } from '../../scan/walk.js';
import { usageError } from '../arguments/usage-error.js';
import { packageVersion } from '../package-version.js';

import { followUpsOf } from './follow-ups.js';
import { printReport } from './print-report.js';

/**
 * Migrates the text on standard input. Prints the new text on standard output and lists what is left on standard error.
 * With `--check`, `--diff` or a format other than the default, it prints that report instead.
 *
 * @param name - The name of the text; its extension decides the language.
 * @param settings - The settings of the run.
 * @param io - The streams.
 * @returns The exit code.
 * @throws {MirrorscopeError} `USAGE` if no migration reads files of this type.
 */
export async function migrateStdin(name: string, settings: RunSettings, io: CommandIo): Promise<ExitCode> {
  if (languageOf(name) === undefined) throw usageError(`${name} is not a type of file that mirrorscope migrates.`);
  const { root } = settings.migration;
  const displayPath = relativePath(root, path.resolve(root, name));
  const bytes = await io.readStdin();
  const printsNewText = !settings.check && !settings.diff && settings.format === DEFAULT_FORMAT;
  const file = await migrated(displayPath, bytes, settings, io);
  const report: RunReport = {
    version: packageVersion(),
    applied: printsNewText,
    filesScanned: 1,
    filesParsed: 1,
    followUps: followUpsOf([file]),
    files: [file],
  };
  if (!printsNewText) return printReport(report, settings, io);
  // Print bytes that are not UTF-8 unchanged, so that no pipe loses the content of a file.
  io.stdout.write(file.result.output ?? bytes);
  const exitCode = exitCodeOf(report);
  if (exitCode !== ExitCode.Done) io.stderr.write(await summaryOf(report, io));
  return exitCode;
}

async function migrated(
  displayPath: string,
  bytes: Uint8Array,
  settings: RunSettings,
  { environment }: CommandIo,
): Promise<ReportedFile> {
  let text: string;
  try {
    text = decodeUtf8(bytes, displayPath);
  } catch (error) {
    return { result: failedResult(displayPath, error), todoMarks: 0 };
  }
  const file = await migrateReadText(displayPath, text, runEnvironment(settings.migration));
  if (file.result.status !== 'changed') return file;
  const { withoutRejected } = await import('../verify/without-rejected.js');
  const [checked = file] = await withoutRejected([file], settings.migration.root, environment);
  return checked;
}

async function summaryOf(report: RunReport, io: CommandIo): Promise<string> {
  const { textReport } = await import('../../report/text-report.js');
  const palette = createPalette(wantsColour(io.environment, io.stderr.isTTY));
  return textReport(report, { palette, listRewrites: false });
}
