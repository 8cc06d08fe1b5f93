/**
 * Names of the temporary files that writing goes through, and the removal of those that a killed
 * run left behind. Deletes only files with such a name whose process is gone.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const NAME = /^\.mirrorscope-(\d+)-[0-9a-f]{12}\.tmp$/;

/** A fresh name beside `target`: the same folder, so that renaming replaces it in one step. */
export function temporaryFileBeside(target: string): string {
  return path.join(path.dirname(target), `.mirrorscope-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
}

/** Removes what killed runs left in these folders; returns how many files went. */
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
    // What cannot be listed was reported by the walk already.
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
