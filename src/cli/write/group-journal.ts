/**
 * The record of a group of files that change together. It is on disk from the moment when all new texts are, until the
 * last file is replaced, so that the next run can finish what a killed run began. Reads and writes journals.
 */
import type { WriteFileSystem } from './write-file-system.js';

import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import { isInside } from '../../files/inside.js';
import { MAX_SETTINGS_BYTES, readRegularFile } from '../../files/regular-file.js';

import { createDurably, syncDirectory } from './durable-file.js';
import { ownerOf, temporaryFileIn } from './temporary-file.js';

/** One file of a group. All paths are absolute. */
export interface JournalEntry {
  /** The file of the user. */
  readonly target: string;
  /** Holds the new text until it replaces the target. */
  readonly next: string;
  /** Holds the old text until the group is complete. */
  readonly previous: string;
  /** Digests of the two texts. */
  readonly before: string;
  readonly after: string;
}

/** A digest of the bytes of a file. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes a journal into the deepest folder that contains all files.
 *
 * @param entries - The files.
 * @param system - The file system.
 * @returns Absolute path of the journal.
 * @throws {Error} The error of the file system.
 */
export function writeJournal(entries: readonly JournalEntry[], system: WriteFileSystem): string {
  const folder = commonFolder(entries.map(({ target }) => target));
  const relative = (file: string): string => path.relative(folder, file);
  const files = entries.map(({ target, next, previous, before, after }) => ({
    target: relative(target),
    next: relative(next),
    previous: relative(previous),
    before,
    after,
  }));
  const journal = temporaryFileIn(folder, 'journal');
  // A half-written journal must never be read as one.
  const unfinished = temporaryFileIn(folder, 'tmp');
  createDurably(unfinished, Buffer.from(JSON.stringify({ version: 1, files })), undefined, system);
  try {
    system.renameSync(unfinished, journal);
  } catch (error) {
    system.rmSync(unfinished, { force: true });
    throw error;
  }
  syncDirectory(folder, system);
  return journal;
}

/**
 * Reads a journal. A repository can bring a file that only looks like one, so it counts only if this user wrote it and
 * if it names nothing but files below its own folder and temporary files beside them.
 *
 * @param journal - Absolute path.
 * @returns The files of the group; `undefined` if this is no journal of ours.
 */
export function readJournal(journal: string): readonly JournalEntry[] | undefined {
  try {
    if (process.getuid !== undefined && statSync(journal).uid !== process.getuid()) return undefined;
    const value: unknown = JSON.parse(readRegularFile(journal, MAX_SETTINGS_BYTES).toString('utf8'));
    const { version, files } = value as { readonly version?: unknown; readonly files?: unknown };
    if (version !== 1 || !Array.isArray(files)) return undefined;
    const owner = ownerOf(path.basename(journal), 'journal');
    const entries = files.map((file: unknown) => entryIn(path.dirname(journal), owner, file));
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  } catch {
    return undefined;
  }
}

function entryIn(folder: string, owner: number | undefined, value: unknown): JournalEntry | undefined {
  const { target, next, previous, before, after } = value as Readonly<Record<keyof JournalEntry, unknown>>;
  const texts = [target, next, previous, before, after];
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  const [file, ...temporaries] = [target, next, previous].map((text) => path.resolve(folder, String(text)));
  if (file === undefined || !isBelow(folder, file)) return undefined;
  const isOwn = (temporary: string): boolean =>
    path.dirname(temporary) === path.dirname(file) && ownerOf(path.basename(temporary), 'tmp') === owner;
  const [newText, oldText] = temporaries;
  if (newText === undefined || oldText === undefined || !isOwn(newText) || !isOwn(oldText)) return undefined;
  return { target: file, next: newText, previous: oldText, before: String(before), after: String(after) };
}

/** Links on the way must not lead out of the folder either. */
function isBelow(folder: string, file: string): boolean {
  const real = path.join(realpathSync(path.dirname(file)), path.basename(file));
  const realFolder = realpathSync(folder);
  return real !== realFolder && isInside(real, realFolder);
}

function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => path.dirname(file));
  let common = folders[0] ?? '';
  while (!folders.every((folder) => isInside(folder, common))) common = path.dirname(common);
  return common;
}
