/**
 * Names the temporary files for writing, and removes those that a killed run left behind. Deletes files, but only with
 * such a name and only when their process no longer runs.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const NAME = /^\.mirrorscope-(\d+)-[0-9a-f]{12}\.tmp$/;

/**
 * Makes a new name next to a file. In the same folder, a rename replaces the file in one step.
 *
 * @param target - Absolute path of the file.
 * @returns Absolute path of the temporary file.
 */
export function temporaryFileBeside(target: string): string {
  return path.join(path.dirname(target), `.mirrorscope-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * Removes the temporary files of killed runs.
 *
 * @param directories - The folders to search, without their subfolders.
 * @returns The number of files that were removed.
 */
export function removeLeftovers(directories: Iterable<string>): number {
  let removed = 0;
  for (const directory of directories) {
    for (const name of namesIn(directory)) {
      const owner = NAME.exec(name)?.[1];
      if (owner === undefined || isRunning(Number(owner))) continue;
      rmSync(path.join(directory, name), { force: true });
      removed++;
    }
  }
  return removed;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
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
