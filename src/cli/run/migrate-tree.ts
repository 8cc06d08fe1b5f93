/** Migrates files and folders: scans them, verifies and writes the changes on request, and prints the report. */
import type { ReportedFile, RunReport } from '../../report/run-report.js';
import type { ScanOutcome } from '../../scan/scan.js';
import type { CommandIo } from '../command-io.js';
import type { VerifiedFiles } from '../verify/verify-files.js';
import type { VerifySettings } from '../verify/verify-settings.js';
import type { RunSettings } from './run-settings.js';

import { foldersUpToRepository } from '../../files/repository.js';
import { ExitCode } from '../../report/exit-code.js';
import { createPathFilter } from '../../scan/path-filter.js';
import { scan } from '../../scan/scan.js';
import { relativePath } from '../../scan/walk.js';
import { packageVersion } from '../package-version.js';

import { followUpsOf } from './follow-ups.js';
import { printReport } from './print-report.js';
import { createProgress } from './progress.js';

const MAX_MINIFIED_NAMED = 5;

/**
 * Migrates the files below the seeds and prints the report.
 *
 * @param settings - The settings of the run.
 * @param io - The streams and the environment variables.
 * @returns The exit code.
 */
export async function migrateTree(settings: RunSettings, io: CommandIo): Promise<ExitCode> {
  const { migration, apply, verify } = settings;
  const outcome = await scanned(settings, io);
  for (const name of outcome.otherTypes)
    io.stderr.write(`mirrorscope: skipped ${name}: not a type of file that mirrorscope migrates\n`);
  noteMinified(outcome.minified, io);
  const verified = await verifiedFiles(outcome.files, verify, migration.root, io);
  const migrated = verify?.mode === 'names' ? await namedFiles(verified.files, outcome, settings, io) : verified.files;
  const written = apply ? await writtenFiles(migrated, outcome, settings, io) : migrated;
  const files = await withBaseline(written, outcome, settings, io);
  const report: RunReport = {
    version: packageVersion(),
    applied: apply,
    filesScanned: outcome.scanned.length,
    filesParsed: outcome.filesParsed,
    followUps: followUpsOf(files),
    files,
  };
  const exitCode = await printReport(report, settings, io);
  return !verified.isProved ? ExitCode.Failed : exitCode;
}

/** Scans. Before that, a run that writes deals with the groups of files that a killed run left half replaced. */
async function scanned(settings: RunSettings, io: CommandIo): Promise<ScanOutcome> {
  const outcome = await scanWithProgress(settings, io);
  if (!settings.apply) return outcome;
  const { recoverGroups } = await import('../write/recover-groups.js');
  const { root } = settings.migration;
  const groups = recoverGroups(new Set([...foldersUpToRepository(root), ...outcome.directories]));
  for (const { outcome: what, files } of groups) {
    const names = files.map((file) => `  ${relativePath(root, file)}`).join('\n');
    io.stderr.write(`mirrorscope: a run was killed while it replaced these files together; ${what} now:\n${names}\n`);
  }
  return groups.length === 0 ? outcome : scanWithProgress(settings, io);
}

/** Names the minified files that were skipped; a folder of a built site has hundreds. */
function noteMinified(files: readonly string[], io: CommandIo): void {
  for (const name of files.slice(0, MAX_MINIFIED_NAMED))
    io.stderr.write(
      `mirrorscope: skipped ${name}: minified; migrate its sources, or name the file to read it anyway\n`,
    );
  const others = files.length - MAX_MINIFIED_NAMED;
  if (others > 0) io.stderr.write(`mirrorscope: skipped ${others} more minified ${others === 1 ? 'file' : 'files'}\n`);
}

async function scanWithProgress(settings: RunSettings, io: CommandIo): Promise<ScanOutcome> {
  const { seeds, include, exclude, respectIgnoreFiles, threads, migration } = settings;
  const progress = createProgress(io.stderr);
  const filter = createPathFilter(include, exclude);
  const outcome = await scan({ seeds, filter, respectIgnoreFiles, threads, migration, onProgress: progress.update });
  progress.clear();
  return outcome;
}

async function withBaseline(
  files: readonly ReportedFile[],
  outcome: ScanOutcome,
  { baseline, apply, migration: { root } }: RunSettings,
  io: CommandIo,
): Promise<readonly ReportedFile[]> {
  if (baseline === undefined) return files;
  const { applyBaseline } = await import('../baseline/apply-baseline.js');
  const scanned = new Set(outcome.scanned.map((file) => relativePath(root, file)));
  return applyBaseline(files, baseline, { root, applied: apply, scanned }, io);
}

/** Compiles the new Python texts in any case, and says so only on request. */
async function verifiedFiles(
  files: readonly ReportedFile[],
  verify: VerifySettings | undefined,
  root: string,
  io: CommandIo,
): Promise<VerifiedFiles> {
  if (verify === undefined) {
    if (!files.some(({ result }) => result.status === 'changed')) return { files, isProved: true };
    const { withoutRejected } = await import('../verify/without-rejected.js');
    return { files: await withoutRejected(files, root, io.environment), isProved: true };
  }
  const { verifyFiles } = await import('../verify/verify-files.js');
  return verifyFiles(files, verify, root, io);
}

async function namedFiles(
  files: readonly ReportedFile[],
  outcome: ScanOutcome,
  { check, migration: { root } }: RunSettings,
  io: CommandIo,
): Promise<readonly ReportedFile[]> {
  const { withMissingNames } = await import('../verify/missing-names.js');
  return withMissingNames(files, outcome, { root, asTheyAre: check }, io);
}

async function writtenFiles(
  files: readonly ReportedFile[],
  { directories }: ScanOutcome,
  { migration: { root }, allowDirty }: RunSettings,
  { holdSignals, stderr }: CommandIo,
): Promise<readonly ReportedFile[]> {
  const { writeChanges } = await import('../write/write-changes.js');
  const signals = holdSignals?.();
  const isStopped = (): boolean => signals?.received() !== undefined;
  const written = await writeChanges(files, { root, allowDirty, directories, isStopped });
  const signal = signals?.received();
  if (signal !== undefined) {
    const count = written.filter(({ result }) => result.status === 'changed').length;
    stderr.write(`mirrorscope: stopped by ${signal} after ${count} changed files. Run again for the rest.\n`);
  }
  signals?.release();
  return written;
}
