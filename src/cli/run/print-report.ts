/** Prints a report in the requested format. Writes the output file, if one was named. */
import type { ReportFormat } from '../../report/format.js';
import type { RunReport } from '../../report/run-report.js';
import type { CommandIo } from '../command-io.js';

import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { listMigrations } from '../../codemods/registry.js';
import { fileAccessError } from '../../errors/file-access-error.js';
import { type ExitCode, exitCodeOf } from '../../report/exit-code.js';
import { createPalette, wantsColour } from '../../report/palette.js';

/** Where the report goes, and what it shows. */
export interface PrintSettings {
  readonly format: ReportFormat;
  /** Absolute path of the output file; `undefined` is standard output. */
  readonly output: string | undefined;
  readonly diff: boolean;
  readonly check: boolean;
}

/**
 * Prints the report of a run.
 *
 * @param report - The run.
 * @param settings - Where the report goes, and what it shows.
 * @param io - The streams and the environment variables.
 * @returns The exit code of the run.
 * @throws {MirrorscopeError} `FILE_ACCESS` when the output file cannot be written.
 */
export async function printReport(report: RunReport, settings: PrintSettings, io: CommandIo): Promise<ExitCode> {
  const { format, diff, check, output: outputFile } = settings;
  const render = await format.load();
  const { output, notes } = await render(report, {
    diff,
    check,
    palette: createPalette(outputFile === undefined && wantsColour(io.environment, io.stdout.isTTY)),
    notesPalette: createPalette(wantsColour(io.environment, io.stderr.isTTY)),
    pathPrefix: pathInRepository(io),
    describeMigration: (name) => listMigrations().find((migration) => migration.name === name)?.description,
  });
  if (notes !== undefined) io.stderr.write(notes);
  if (outputFile === undefined) io.stdout.write(output);
  else writeOutputFile(outputFile, output);
  return exitCodeOf(report);
}

function writeOutputFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw fileAccessError('written', cause);
  }
}

/** The working directory relative to the top of GitHub's checkout, with a final slash; empty at the top or outside. */
function pathInRepository({ environment, directory }: CommandIo): string {
  const workspace = environment['GITHUB_WORKSPACE'];
  if (workspace === undefined || workspace === '') return '';
  const relative = path.relative(workspace, directory).replaceAll(path.sep, '/');
  return relative === '' || relative.startsWith('..') ? '' : `${relative}/`;
}
