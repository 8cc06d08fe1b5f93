/**
 * Replaces the texts of files atomically: whenever the process is killed, each file has either its old or its new text.
 * Files that belong together are replaced together or not at all; after a kill in between, the next run completes them.
 * Writes files.
 */
import { constants, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { fileAccessError } from '../../errors/file-access-error.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { foldersAbove } from '../../files/inside.js';
import { MAX_SOURCE_BYTES, readRegularFile } from '../../files/regular-file.js';

import { createDurably, syncDirectory } from './durable-file.js';
import { digestOf, type JournalEntry, readJournal, writeJournal } from './group-journal.js';
import { closeGroup } from './recover-groups.js';
import { journalsOfOtherRuns, temporaryFileBeside } from './temporary-file.js';
import { FILE_SYSTEM, type WriteFileSystem } from './write-file-system.js';

/** The new text of one file. Both texts contain their byte-order mark, if they have one. */
export interface FileWrite {
  readonly absolutePath: string;
  /** The text that was migrated. */
  readonly original: string;
  readonly output: string;
}

/** A file whose new text is on disk under a temporary name. */
interface PreparedWrite extends Pick<JournalEntry, 'target' | 'next'> {
  readonly original: Buffer;
  readonly output: Buffer;
  readonly stats: Stats;
}

/**
 * Writes all files or none. Every new text is on disk under a temporary name before the first file is replaced, and a
 * failure in between restores the files that were replaced.
 *
 * A symbolic link stays a link: its target is written. The mode stays, and the owner where the system allows it.
 *
 * @param writes - The files.
 * @param system - The file system.
 * @throws {MirrorscopeError} `FILE_ACCESS` when a file cannot be written, or changed since it was migrated.
 */
export function writeTogether(writes: readonly FileWrite[], system: WriteFileSystem = FILE_SYSTEM): void {
  const prepared: PreparedWrite[] = [];
  try {
    for (const write of writes) prepared.push(prepare(write, system));
    const [only, ...others] = prepared;
    if (only === undefined) return;
    if (others.length === 0) replaceOne(only, system);
    else replaceGroup(prepared, system);
  } catch (error) {
    for (const { next } of prepared) removeQuietly(next, system);
    throw fileAccessError('written', error);
  }
}

function prepare({ absolutePath, original, output }: FileWrite, system: WriteFileSystem): PreparedWrite {
  const target = realpathSync(absolutePath);
  // Renaming would also replace a read-only file, which its owner does not want.
  system.accessSync(target, constants.W_OK);
  const oldText = Buffer.from(original, 'utf8');
  assertUnchanged(target, oldText);
  const stats = statSync(target);
  const next = temporaryFileBeside(target);
  const newText = Buffer.from(output, 'utf8');
  createDurably(next, newText, stats, system);
  return { target, next, original: oldText, output: newText, stats };
}

/** Called again right before a file is replaced: preparing a large group takes a while. */
function assertUnchanged(target: string, original: Buffer | undefined): void {
  if (original !== undefined && readRegularFile(target, MAX_SOURCE_BYTES).equals(original)) return;
  throw new MirrorscopeError(
    ErrorCode.FileAccess,
    'The file changed while it was being migrated, so it was not written.',
    { hint: 'Run again when no other program writes to the file.' },
  );
}

function replaceOne({ target, next, original }: PreparedWrite, system: WriteFileSystem): void {
  assertUnchanged(target, original);
  system.renameSync(next, target);
  syncDirectory(path.dirname(target), system);
}

function replaceGroup(prepared: readonly PreparedWrite[], system: WriteFileSystem): void {
  const entries: JournalEntry[] = [];
  const replaced: JournalEntry[] = [];
  let journal: string | undefined;
  try {
    for (const write of prepared) entries.push(withPrevious(write, system));
    journal = writeJournal(entries, system);
    assertAlone(entries);
    for (const [index, entry] of entries.entries()) {
      assertUnchanged(entry.target, prepared[index]?.original);
      system.renameSync(entry.next, entry.target);
      replaced.push(entry);
    }
  } catch (error) {
    for (const { previous, target } of replaced) system.renameSync(previous, target);
    if (journal !== undefined) removeQuietly(journal, system);
    for (const { previous } of entries) removeQuietly(previous, system);
    throw error;
  }
  try {
    closeGroup(journal, entries, system);
  } catch {
    // All files have their new text. The next run removes what is left.
  }
}

/**
 * Makes sure that no other run replaces one of these files together with others: one of the two would take back what
 * the other has completed. Each run writes its journal before it looks for others, so at least one sees the other.
 */
function assertAlone(entries: readonly JournalEntry[]): void {
  const targets = new Set(entries.map(({ target }) => target));
  const folders = new Set([...targets].flatMap((target) => foldersAbove(target)));
  for (const journal of journalsOfOtherRuns(folders)) {
    if (readJournal(journal)?.some(({ target }) => targets.has(target)) !== true) continue;
    throw new MirrorscopeError(ErrorCode.FileAccess, 'Another run of mirrorscope is replacing the file.', {
      hint: `Run again when it has ended. If there is none, delete ${journal}.`,
    });
  }
}

/** What cannot be removed now is removed by the next run. */
function removeQuietly(file: string, system: WriteFileSystem): void {
  try {
    system.rmSync(file, { force: true });
  } catch {
    // The first error is the one to report.
  }
}

/** Keeps the old text under a second name, at no cost where the file system has hard links. */
function withPrevious({ target, next, original, output, stats }: PreparedWrite, system: WriteFileSystem): JournalEntry {
  const previous = temporaryFileBeside(target);
  try {
    system.linkSync(target, previous);
  } catch {
    createDurably(previous, original, stats, system);
  }
  return { target, next, previous, before: digestOf(original), after: digestOf(output) };
}
