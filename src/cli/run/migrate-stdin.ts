/** One text from standard input to standard output, for editors and other programs. */
import type { CommandIo } from '../command-io.js';
import type { ExitCode } from '../command-table.js';

import path from 'node:path';

import { decodeUtf8 } from '../../codemods/edits/encoded-text.js';
import { failed } from '../../codemods/engine.js';
import { languageOf } from '../../codemods/registry.js';
import { createPalette, wantsColour } from '../../report/palette.js';
import { exitCodeOf, type ReportedFile, type RunReport } from '../../report/run-report.js';
import { migrateSource } from '../../scan/migrate-file.js';
import { migrateOptions } from '../../scan/migrate-options.js';
import { relativePath } from '../../scan/walk.js';
import { packageVersion } from '../package-version.js';

import { followUpsOf } from './follow-ups.js';
import { printReport } from './print-report.js';
import { type RunSettings, usage } from './run-settings.js';

/**
 * Migrates the text on standard input. Prints the new text, and what is left on standard error;
 * with a check, a diff or another format than text, prints that report instead.
 */
export async function migrateStdin(name: string, settings: RunSettings, io: CommandIo): Promise<ExitCode> {
  if (languageOf(name) === undefined) throw usage(`${name} is not a type of file that mirrorscope migrates`);
  const shownPath = relativePath(settings.migration.root, path.resolve(settings.migration.root, name));
  const bytes = await io.readStdin();
  const printsText = !settings.check && !settings.diff && settings.format === 'text';
  const file = await migrated(shownPath, bytes, settings, printsText);
  const report: RunReport = {
    version: packageVersion(),
    applied: printsText,
    filesScanned: 1,
    filesParsed: 1,
    followUps: followUpsOf([file]),
    files: [file],
  };
  if (!printsText) return printReport(report, settings, io);
  // Bytes that could not be read as text go out as they came in: a pipe must not lose a file.
  io.stdout.write(file.result.output ?? bytes);
  const { textReport } = await import('../../report/formats/text.js');
  const palette = createPalette(wantsColour(io.environment, io.stderr.isTTY));
  if (exitCodeOf(report) !== 0) io.stderr.write(textReport(report, { palette, listRewrites: false }));
  return exitCodeOf(report);
}

async function migrated(
  shownPath: string,
  bytes: Uint8Array,
  settings: RunSettings,
  apply: boolean,
): Promise<ReportedFile> {
  let text: string;
  try {
    text = decodeUtf8(bytes, shownPath);
  } catch (error) {
    return { result: failed(shownPath, error), todoMarks: 0 };
  }
  return migrateSource(shownPath, text, migrateOptions(settings.migration), apply);
}
