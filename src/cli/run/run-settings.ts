/**
 * Decides the settings of a run of `migrate` or `check`. Command-line options come first, then the configuration, then
 * the defaults. Reads the configuration file; writes nothing.
 */
import type {
  FolderOptions,
  KerasTarget,
  MigrationOptions,
  MigrationSelection,
  StrategyTarget,
} from '../../codemods/options.js';
import type { ReportFormat } from '../../report/format.js';
import type { GlobSet } from '../../scan/path-filter.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { BaselineSettings } from '../baseline/apply-baseline.js';
import type { CommandIo } from '../command-io.js';
import type { Configuration } from '../config/configuration.js';

import { existsSync } from 'node:fs';
import path from 'node:path';

import { DEFAULT_OPTIONS, KERAS_TARGETS, STRATEGY_TARGETS } from '../../codemods/options.js';
import { listMigrations } from '../../codemods/registry.js';
import { DEFAULT_FORMAT, REPORT_FORMATS } from '../../report/formats-table.js';
import { wholeNumberOption } from '../arguments/number-options.js';
import { didYouMean } from '../arguments/unknown-name.js';
import { usageError } from '../arguments/usage-error.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { type VerifySettings, verifySettings } from '../verify/verify-settings.js';

const MAX_THREADS = 1024;

/** The baseline that `--update-baseline` writes when nothing names one. */
const BASELINE_FILE_NAME = 'mirrorscope-baseline.json';

/** The settings of a run. */
export interface RunSettings {
  /** Absolute paths of the files and folders to process. */
  readonly seeds: readonly string[];
  readonly include: GlobSet;
  readonly exclude: GlobSet;
  readonly respectIgnoreFiles: boolean;
  readonly threads: number | undefined;
  /** Whether the changes are written. */
  readonly apply: boolean;
  readonly allowDirty: boolean;
  /** Whether to print a plain diff. */
  readonly diff: boolean;
  /** Whether to list every finding and never write. */
  readonly check: boolean;
  readonly format: ReportFormat;
  /** Absolute path of the output file; `undefined` is standard output. */
  readonly output: string | undefined;
  readonly migration: FolderOptions;
  /** The accepted findings; `undefined` without a baseline. */
  readonly baseline: BaselineSettings | undefined;
  /** How to verify the changes; `undefined` when they are not verified. */
  readonly verify: VerifySettings | undefined;
}

/**
 * Works out the settings of a run.
 *
 * @param parsed - The arguments of `migrate` or `check`.
 * @param io - The working directory.
 * @returns The settings.
 * @throws {MirrorscopeError} `USAGE` or `CONFIGURATION`.
 */
export function runSettings(parsed: ParsedArguments, io: CommandIo): RunSettings {
  const configuration = loadConfiguration(io.directory, parsed.value('config'));
  const check = parsed.command === 'check' || parsed.has('check');
  const apply = parsed.has('write');
  const diff = parsed.has('diff');
  const format = formatNamed(parsed.value('format'));
  if (check && apply) throw usageError('--check and --write cannot be combined.');
  if (diff && !format.acceptsDiff) throw usageError(`--diff cannot be combined with --format ${format.name}.`);
  const output = parsed.value('output');
  return {
    seeds: parsed.has('stdin') ? [] : seedsOf(parsed.paths, io.directory),
    include: globSet(parsed.values('include'), configuration.include, configuration, io.directory),
    exclude: globSet(parsed.values('exclude'), configuration.exclude, configuration, io.directory),
    respectIgnoreFiles: !parsed.has('no-ignore'),
    threads: wholeNumberOption(parsed, 'threads', MAX_THREADS),
    apply,
    allowDirty: parsed.has('allow-dirty'),
    diff,
    check,
    format,
    output: output === undefined ? undefined : path.resolve(io.directory, output),
    migration: {
      ...DEFAULT_OPTIONS,
      root: io.directory,
      migrations: selectionOf(parsed.values('only'), configuration),
      mark: parsed.has('mark') || (configuration.mark && parsed.command === 'migrate' && !check),
      modules: configuration.modules,
      ...targetsOf(parsed, configuration),
    },
    baseline: baselineSettings(parsed, configuration, io.directory),
    verify: verifySettings(parsed),
  };
}

/** The file that the command line names, or the configuration, or one with the usual name to write to. */
function baselineSettings(
  parsed: ParsedArguments,
  { baseline: configured, directory: folder }: Configuration,
  directory: string,
): BaselineSettings | undefined {
  const named = parsed.value('baseline');
  const update = parsed.has('update-baseline');
  // One text on its own has no place in a project's files.
  if (parsed.has('stdin')) {
    if (named !== undefined || update) throw usageError('--stdin cannot be combined with a baseline.');
    return undefined;
  }
  if (named !== undefined) return { file: path.resolve(directory, named), update };
  if (configured !== undefined) return { file: path.resolve(folder, configured), update };
  return update ? { file: path.join(directory, BASELINE_FILE_NAME), update } : undefined;
}

function seedsOf(paths: readonly string[], directory: string): string[] {
  const names = paths.length === 0 ? ['.'] : paths;
  const missing = names.find((name) => !existsSync(path.resolve(directory, name)));
  if (missing !== undefined)
    throw usageError(`There is no file or folder ${missing}.`, 'Check the spelling and the current folder.');
  return names.map((name) => path.resolve(directory, name));
}

/** Options replace the configuration. Their globs are relative to the working directory. */
function globSet(
  options: readonly string[],
  configured: readonly string[],
  { directory: base }: Configuration,
  directory: string,
): GlobSet {
  return options.length > 0 ? { base: directory, globs: options } : { base, globs: configured };
}

function formatNamed(name: string | undefined): ReportFormat {
  if (name === undefined) return DEFAULT_FORMAT;
  const format = REPORT_FORMATS.find((known) => known.name === name);
  if (format !== undefined) return format;
  const names = REPORT_FORMATS.map((known) => known.name).join(', ');
  throw usageError(`Unknown format ${name}. The formats are: ${names}.`);
}

/** Which Keras and which strategy the migrated code uses. */
function targetsOf(
  parsed: ParsedArguments,
  configuration: Configuration,
): Pick<MigrationOptions, 'kerasTarget' | 'strategy'> {
  const kerasTarget = targetNamed(parsed.value('target')) ?? configuration.target;
  const strategy = strategyNamed(parsed.value('strategy')) ?? configuration.strategy;
  if (kerasTarget === 'keras3' && strategy === 'multi-worker')
    throw usageError(
      'The strategy multi-worker cannot be combined with the target keras3: Keras 3 does not train with several workers.',
      'Use legacy Keras: --target tf-keras, with tf_keras installed and TF_USE_LEGACY_KERAS=1 in the environment.',
    );
  return { kerasTarget, strategy };
}

function strategyNamed(name: string | undefined): StrategyTarget | undefined {
  const strategy = STRATEGY_TARGETS.find((known) => known === name);
  if (name !== undefined && strategy === undefined)
    throw usageError(`Unknown strategy ${name}. The strategies are: ${STRATEGY_TARGETS.join(', ')}.`);
  return strategy;
}

function targetNamed(name: string | undefined): KerasTarget | undefined {
  const target = KERAS_TARGETS.find((known) => known === name);
  if (name !== undefined && target === undefined)
    throw usageError(`Unknown target ${name}. The targets are: ${KERAS_TARGETS.join(', ')}.`);
  return target;
}

/** An empty list means the default selection, both in options and in a configuration. */
function selectionOf(options: readonly string[], configuration: Configuration): MigrationSelection {
  const names = options.length > 0 ? options.flatMap((list) => list.split(',')) : configuration.only;
  const known = new Set(listMigrations().map(({ name }) => name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw usageError(
      `There is no migration ${unknown}.${didYouMean(unknown, known)}`,
      'Run `mirrorscope list` to see all migrations.',
    );
  }
  return names.length === 0 ? DEFAULT_OPTIONS.migrations : names;
}
