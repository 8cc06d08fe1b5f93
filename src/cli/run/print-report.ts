/** Sends a report where it belongs, in the format that was asked for. Writes the output file, if one was named. */
import type { CommandIo } from '../command-io.js';
import type { ExitCode } from '../command-table.js';
import type { RunSettings } from './run-settings.js';

import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { listMigrations } from '../../codemods/registry.js';
import { createPalette, wantsColour } from '../../report/palette.js';
import { exitCodeOf, type ReportedFile, type RunReport } from '../../report/run-report.js';
import { fileAccessError } from '../../scan/read-file.js';

/** Prints the report and returns the exit code that goes with it. */
export async function printReport(report: RunReport, settings: RunSettings, io: CommandIo): Promise<ExitCode> {
  const exitCode = exitCodeOf(report);
  const text = await render(report, settings, exitCode, io);
  if (settings.output === undefined) {
    io.stdout.write(text);
    return exitCode;
  }
  try {
    writeFileSync(settings.output, text);
  } catch (cause) {
    throw fileAccessError('written', cause);
  }
  return exitCode;
}

async function render(report: RunReport, settings: RunSettings, exitCode: ExitCode, io: CommandIo): Promise<string> {
  switch (settings.format) {
    case 'json': {
      const { jsonReport } = await import('../../report/formats/json.js');
      return jsonReport(report, exitCode, settings.diff ? await plainDiffs() : undefined);
    }
    case 'sarif': {
      const { sarifReport } = await import('../../report/formats/sarif.js');
      return sarifReport(report, exitCode, describeMigration);
    }
    case 'github': {
      const { githubReport } = await import('../../report/formats/github.js');
      return githubReport(report, prefixInRepository(io));
    }
    case 'text':
      return settings.diff ? renderPatch(report, io) : renderText(report, settings, io);
  }
}

/** The patch alone on standard output; the words beside it, so that both can be used. */
async function renderPatch(report: RunReport, io: CommandIo): Promise<string> {
  const { textReport } = await import('../../report/formats/text.js');
  const palette = createPalette(wantsColour(io.environment, io.stderr.isTTY));
  io.stderr.write(textReport(report, { palette, listRewrites: false }));
  const diffOf = await plainDiffs(report);
  return report.files.map((file) => diffOf(file) ?? '').join('');
}

async function renderText(report: RunReport, settings: RunSettings, io: CommandIo): Promise<string> {
  const { textReport } = await import('../../report/formats/text.js');
  const palette = createPalette(settings.output === undefined && wantsColour(io.environment, io.stdout.isTTY));
  const words = textReport(report, { palette, listRewrites: settings.check });
  if (settings.check || report.applied || !hasChanges(report)) return words;
  const { colouredDiff } = await import('../../report/unified-diff.js');
  const diffs = report.files.map(({ result, original }) =>
    result.output === undefined || original === undefined
      ? ''
      : colouredDiff(result.path, original, result.output, palette),
  );
  return `${diffs.join('')}\n${words}`;
}

async function plainDiffs(report?: RunReport): Promise<(file: ReportedFile) => string | undefined> {
  if (report !== undefined && !hasChanges(report)) return () => undefined;
  const { unifiedDiff } = await import('../../report/unified-diff.js');
  return ({ result, original }) =>
    result.output === undefined || original === undefined
      ? undefined
      : unifiedDiff(result.path, original, result.output);
}

function hasChanges(report: RunReport): boolean {
  return report.files.some(({ result }) => result.status === 'changed');
}

function describeMigration(name: string): string | undefined {
  return listMigrations().find((migration) => migration.name === name)?.description;
}

/** GitHub wants paths from the top of its checkout, wherever in it the command runs. */
function prefixInRepository({ environment, directory }: CommandIo): string {
  const workspace = environment['GITHUB_WORKSPACE'];
  if (workspace === undefined || workspace === '') return '';
  const relative = path.relative(workspace, directory).replaceAll(path.sep, '/');
  return relative === '' || relative.startsWith('..') ? '' : `${relative}/`;
}
