/**
 * Deals with groups of files that a killed run has replaced in part: replaces the rest, or, if a file was edited since,
 * takes the others back. Writes files.
 */
import type { JournalEntry } from './group-journal.js';

import { existsSync } from 'node:fs';
import path from 'node:path';

import { MAX_SOURCE_BYTES, readRegularFile } from '../../files/regular-file.js';

import { syncDirectory } from './durable-file.js';
import { digestOf, readJournal } from './group-journal.js';
import { leftovers } from './temporary-file.js';
import { FILE_SYSTEM, type WriteFileSystem } from './write-file-system.js';

/** What was done about a group of files. */
export interface RecoveredGroup {
  readonly outcome: 'completed' | 'taken back';
  /** Absolute paths. */
  readonly files: readonly string[];
}

/**
 * Deals with all interrupted groups that have their journal in some folders.
 *
 * @param directories - The folders, without their subfolders.
 * @param system - The file system.
 * @returns What was done.
 * @throws {Error} The error of the file system; the next run tries again.
 */
export function recoverGroups(
  directories: Iterable<string>,
  system: WriteFileSystem = FILE_SYSTEM,
): readonly RecoveredGroup[] {
  return leftovers(directories, 'journal').flatMap((journal) => {
    const entries = readJournal(journal);
    return entries === undefined ? [] : [recover(journal, entries, system)];
  });
}

function recover(journal: string, entries: readonly JournalEntry[], system: WriteFileSystem): RecoveredGroup {
  const canComplete = entries.every(
    (entry) => isReplaced(entry) || (holds(entry.target, entry.before) && holds(entry.next, entry.after)),
  );
  for (const entry of entries) {
    if (canComplete && !isReplaced(entry)) system.renameSync(entry.next, entry.target);
    if (!canComplete && isReplaced(entry) && holds(entry.previous, entry.before))
      system.renameSync(entry.previous, entry.target);
  }
  closeGroup(journal, entries, system);
  return { outcome: canComplete ? 'completed' : 'taken back', files: entries.map(({ target }) => target) };
}

/**
 * Removes the journal and the temporary files of a group whose files all have their final text.
 *
 * @param journal - Absolute path of the journal.
 * @param entries - The files of the group.
 * @param system - The file system.
 */
export function closeGroup(journal: string, entries: readonly JournalEntry[], system: WriteFileSystem): void {
  for (const folder of new Set(entries.map(({ target }) => path.dirname(target)))) syncDirectory(folder, system);
  // Without the journal, the next run takes the temporary files for those of a run that has not replaced anything.
  system.rmSync(journal, { force: true });
  for (const { next, previous } of entries) {
    system.rmSync(next, { force: true });
    system.rmSync(previous, { force: true });
  }
}

function isReplaced({ target, after }: JournalEntry): boolean {
  return holds(target, after);
}

function holds(file: string, digest: string): boolean {
  return existsSync(file) && digestOf(readRegularFile(file, MAX_SOURCE_BYTES)) === digest;
}
