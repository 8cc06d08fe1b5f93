/**
 * Names the temporary files for writing, and removes those that a killed run left behind. Deletes files, but only with
 * such a name and only when their process no longer runs.
 */
import type { Dirent } from 'node:fs';

import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What a file of ours is for: the text of a file, or the record of a group of files. */
export type TemporaryKind = 'tmp' | 'journal';

const NAME = /^\.mirrorscope-(\d+)-[0-9a-f]{12}\.(tmp|journal)$/;

/**
 * Makes a new name next to a file. In the same folder, a rename replaces the file in one step.
 *
 * @param target - Absolute path of the file.
 * @returns Absolute path of the temporary file.
 */
export function temporaryFileBeside(target: string): string {
  return temporaryFileIn(path.dirname(target), 'tmp');
}

/** Makes a new name in a folder. */
export function temporaryFileIn(directory: string, kind: TemporaryKind): string {
  return path.join(directory, `.mirrorscope-${process.pid}-${randomBytes(6).toString('hex')}.${kind}`);
}

/** The process that made a file with a name of ours; `undefined` for other names. */
export function ownerOf(name: string, kind: TemporaryKind): number | undefined {
  const [, pid, suffix] = NAME.exec(name) ?? [];
  return pid !== undefined && suffix === kind ? Number(pid) : undefined;
}

/**
 * Finds the files of one kind that killed runs left behind.
 *
 * @param directories - The folders to search, without their subfolders.
 * @param kind - What to look for.
 * @returns Absolute paths.
 */
export function leftovers(directories: Iterable<string>, kind: TemporaryKind): string[] {
  return ownFiles(directories, kind, (owner) => !isRunning(owner));
}

/**
 * Finds the journals of groups that other processes are replacing.
 *
 * @param directories - The folders to search, without their subfolders.
 * @returns Absolute paths.
 */
export function journalsOfOtherRuns(directories: Iterable<string>): string[] {
  return ownFiles(directories, 'journal', (owner) => owner !== process.pid && isRunning(owner));
}

function ownFiles(directories: Iterable<string>, kind: TemporaryKind, isWanted: (owner: number) => boolean): string[] {
  const found: string[] = [];
  for (const directory of directories) {
    for (const entry of entriesOf(directory)) {
      const owner = ownerOf(entry.name, kind);
      if (owner !== undefined && entry.isFile() && isWanted(owner)) found.push(path.join(directory, entry.name));
    }
  }
  return found;
}

/**
 * Removes the temporary files of killed runs. Those of a group that was interrupted must have been dealt with before.
 *
 * @param directories - The folders to search, without their subfolders.
 * @returns The number of files that were removed.
 */
export function removeLeftovers(directories: Iterable<string>): number {
  const files = leftovers(directories, 'tmp');
  for (const file of files) rmSync(file, { force: true });
  return files.length;
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // The walk has already reported folders that cannot be listed.
    return [];
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
