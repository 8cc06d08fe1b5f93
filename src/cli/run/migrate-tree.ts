/** A run over files: scan, write where asked to, report. */
import type { ReportedFile, RunReport } from '../../report/run-report.js';
import type { CommandIo } from '../command-io.js';
import type { ExitCode } from '../command-table.js';
import type { RunSettings } from './run-settings.js';

import { createPathFilter } from '../../scan/path-filter.js';
import { scan, type ScanOutcome } from '../../scan/scan.js';
import { packageVersion } from '../package-version.js';

import { followUpsOf } from './follow-ups.js';
import { printReport } from './print-report.js';
import { createProgress } from './progress.js';

/** Migrates the files below the seeds and prints the report. */
export async function migrateTree(settings: RunSettings, io: CommandIo): Promise<ExitCode> {
  const progress = createProgress(io.stderr);
  const outcome = await scan({
    seeds: settings.seeds,
    filter: createPathFilter(settings.include, settings.exclude),
    respectIgnoreFiles: settings.respectIgnoreFiles,
    threads: settings.threads,
    settings: settings.migration,
    onProgress: progress.update,
  });
  progress.clear();
  for (const name of outcome.otherTypes)
    io.stderr.write(`mirrorscope: skipped ${name}: not a type of file that it migrates\n`);
  const verified = settings.verify === undefined ? undefined : await verify(outcome.files, settings, io);
  const files = verified?.files ?? outcome.files;
  const reported = settings.migration.apply ? await written(files, outcome, settings) : files;
  const report: RunReport = {
    version: packageVersion(),
    applied: settings.migration.apply,
    filesScanned: outcome.filesScanned,
    filesParsed: outcome.filesParsed,
    followUps: followUpsOf(reported),
    files: reported,
  };
  const exitCode = await printReport(report, settings, io);
  return verified?.isProved === false ? 2 : exitCode;
}

async function verify(files: readonly ReportedFile[], settings: RunSettings, io: CommandIo) {
  const { verifyFiles } = await import('../verify/verify-files.js');
  return verifyFiles(files, settings, io);
}

async function written(
  files: readonly ReportedFile[],
  { directories }: ScanOutcome,
  settings: RunSettings,
): Promise<readonly ReportedFile[]> {
  const { writeChanges } = await import('../write/write-changes.js');
  return writeChanges(files, { root: settings.migration.root, allowDirty: settings.allowDirty, directories });
}
