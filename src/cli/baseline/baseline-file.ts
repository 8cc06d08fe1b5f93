/** Reads and writes baseline files. */
import type { Baseline, BaselineEntry } from './baseline.js';

import { existsSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { fileAccessError } from '../../errors/file-access-error.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { MAX_SETTINGS_BYTES, readRegularFile } from '../../files/regular-file.js';
import { createDurably } from '../write/durable-file.js';
import { temporaryFileBeside } from '../write/temporary-file.js';
import { FILE_SYSTEM } from '../write/write-file-system.js';

const VERSION = 1;

/**
 * Reads a baseline.
 *
 * @param file - Absolute path.
 * @param root - The folder that the paths of the run are relative to; those in the file are relative to its own folder.
 * @returns The accepted findings, by the paths of the run.
 * @throws {MirrorscopeError} `CONFIGURATION` if the file cannot be read, or is no baseline.
 */
export function readBaseline(file: string, root: string): Baseline {
  const { version, files } = parsed(file);
  if (version !== VERSION || typeof files !== 'object' || files === null) throw notABaseline(file);
  return new Map(
    Object.entries(files).map(([name, entries]) => {
      if (!Array.isArray(entries) || !entries.every(isEntry)) throw notABaseline(file);
      return [translated(name, path.dirname(file), root), entries];
    }),
  );
}

/**
 * Writes a baseline, in place of the one that is there. What it says about files outside of this run stays.
 *
 * @param file - Absolute path.
 * @param root - The folder that the paths of the run are relative to.
 * @param baseline - The findings to accept, by the paths of the run.
 * @param isInRun - Whether a path of the run belongs to it.
 * @throws {MirrorscopeError} `FILE_ACCESS` if it cannot be written; `CONFIGURATION` if the old file is no baseline.
 */
export function writeBaseline(
  file: string,
  root: string,
  baseline: Baseline,
  isInRun: (displayPath: string) => boolean,
): void {
  const old = existsSync(file) ? [...readBaseline(file, root)].filter(([name]) => !isInRun(name)) : [];
  const all = [...old, ...baseline].map(
    ([name, entries]) => [translated(name, root, path.dirname(file)), entries] as const,
  );
  const files = Object.fromEntries(all.sort(([left], [right]) => (left < right ? -1 : 1)));
  const text = `${JSON.stringify({ version: VERSION, files }, undefined, 2)}\n`;
  const next = temporaryFileBeside(file);
  try {
    createDurably(next, Buffer.from(text), undefined, FILE_SYSTEM);
    FILE_SYSTEM.renameSync(next, file);
  } catch (error) {
    throw fileAccessError('written', error);
  }
}

function parsed(file: string): { readonly version?: unknown; readonly files?: unknown } {
  let text: string;
  try {
    text = readRegularFile(file, MAX_SETTINGS_BYTES).toString('utf8');
  } catch (cause) {
    throw new MirrorscopeError(ErrorCode.Configuration, `The baseline ${file} cannot be read.`, {
      hint: 'Check the path, or make the file with --update-baseline.',
      cause,
    });
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw notABaseline(file);
  }
}

function notABaseline(file: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.Configuration, `${file} is not a baseline of this version of mirrorscope.`, {
    hint: 'Delete it and make it again with --update-baseline.',
  });
}

function isEntry(value: unknown): value is BaselineEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { migration, api, reason, code, count } = value as Readonly<Record<keyof BaselineEntry, unknown>>;
  const isText = (text: unknown): boolean => typeof text === 'string';
  return [migration, api, code].every(isText) && (reason === undefined || isText(reason)) && Number.isInteger(count);
}

/** A path relative to one folder, made relative to another, with forward slashes. */
function translated(name: string, from: string, to: string): string {
  return path.relative(to, path.resolve(from, name)).replaceAll(path.sep, '/');
}
