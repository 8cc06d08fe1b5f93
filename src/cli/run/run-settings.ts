/**
 * What a run of `migrate` or `check` is asked to do: flags over configuration over defaults.
 * Reads the configuration; changes nothing.
 */
import type { MigrationSettings } from '../../scan/migrate-file.js';
import type { GlobSet } from '../../scan/path-filter.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';
import type { Configuration } from '../config/configuration.js';

import { existsSync } from 'node:fs';
import path from 'node:path';

import { KERAS_TARGETS, type KerasTarget } from '../../codemods/migration.js';
import { listMigrations } from '../../codemods/registry.js';
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { closestName } from '../arguments/closest-name.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { type VerifySettings, verifySettings } from '../verify/verify-settings.js';

/** The report formats. */
export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** Everything that a run needs to know. */
export interface RunSettings {
  readonly seeds: readonly string[];
  readonly include: GlobSet;
  readonly exclude: GlobSet;
  readonly respectIgnoreFiles: boolean;
  readonly threads: number | undefined;
  readonly allowDirty: boolean;
  /** Print a plain diff. */
  readonly diff: boolean;
  /** List every place and never write. */
  readonly check: boolean;
  readonly format: ReportFormat;
  /** Absolute; `undefined` is standard output. */
  readonly output: string | undefined;
  readonly migration: MigrationSettings;
  /** How to verify what changes; absent where it was not asked for. */
  readonly verify: VerifySettings | undefined;
}

/** @throws MirrorscopeError `USAGE` or `CONFIGURATION`. */
export function runSettings(parsed: ParsedArguments, io: CommandIo): RunSettings {
  const configuration = loadConfiguration(io.directory, parsed.value('config'));
  const check = parsed.command === 'check' || parsed.has('check');
  const apply = parsed.has('write');
  const diff = parsed.has('diff');
  const format = formatOf(parsed.value('format'));
  if (check && apply) throw usage('--check and --write exclude each other');
  if (diff && format !== 'text' && format !== 'json') throw usage(`--diff does not go with --format ${format}`);
  const output = parsed.value('output');
  return {
    seeds: parsed.has('stdin') ? [] : seedsOf(parsed.paths, io.directory),
    include: globSet(parsed.values('include'), configuration.include, configuration, io.directory),
    exclude: globSet(parsed.values('exclude'), configuration.exclude, configuration, io.directory),
    respectIgnoreFiles: !parsed.has('no-ignore'),
    threads: threadsOf(parsed.value('threads')),
    allowDirty: parsed.has('allow-dirty'),
    diff,
    check,
    format,
    output: output === undefined ? undefined : path.resolve(io.directory, output),
    migration: {
      root: io.directory,
      only: migrationsOf(parsed.values('only'), configuration),
      mark: parsed.has('mark') || (configuration.mark && parsed.command === 'migrate' && !check),
      modules: configuration.modules,
      target: targetOf(parsed.value('target')) ?? configuration.target,
      apply,
    },
    verify: verifySettings(parsed),
  };
}

/** A mistake in how the command was called. */
export function usage(message: string, hint?: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.Usage, message, { hint });
}

function seedsOf(paths: readonly string[], directory: string): string[] {
  const seeds = (paths.length === 0 ? ['.'] : paths).map((name) => path.resolve(directory, name));
  const missing = seeds.findIndex((seed) => !existsSync(seed));
  if (missing !== -1)
    throw usage(`There is no file or folder ${paths[missing] ?? '.'}`, 'Check the spelling and the folder you are in.');
  return seeds;
}

/** Flags replace the configuration, and start where the command was called. */
function globSet(
  flags: readonly string[],
  configured: readonly string[],
  { directory: base }: Configuration,
  directory: string,
): GlobSet {
  return flags.length > 0 ? { base: directory, globs: flags } : { base, globs: configured };
}

function formatOf(text: string | undefined): ReportFormat {
  const format = FORMATS.find((name) => name === (text ?? 'text'));
  if (format === undefined) throw usage(`There is no format ${text ?? ''}; there are ${FORMATS.join(', ')}`);
  return format;
}

function targetOf(text: string | undefined): KerasTarget | undefined {
  const target = KERAS_TARGETS.find((name) => name === text);
  if (text !== undefined && target === undefined)
    throw usage(`There is no target ${text}; there are ${KERAS_TARGETS.join(', ')}`);
  return target;
}

function threadsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1024)
    throw usage(`--threads takes a number from 1 to 1024, not ${text}`);
  return count;
}

function migrationsOf(flags: readonly string[], configuration: Configuration): readonly string[] {
  const only = flags.length > 0 ? flags.flatMap((names) => names.split(',')) : configuration.only;
  const known = new Set(listMigrations().map(({ name }) => name));
  const unknown = only.find((name) => !known.has(name));
  if (unknown === undefined) return only;
  const meant = closestName(unknown, known);
  throw usage(
    `There is no migration ${unknown}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    'Run `mirrorscope list` to see all of them.',
  );
}
