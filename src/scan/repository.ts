/** Finds the repository that a folder belongs to. Looks for folders; reads no file. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The work tree that contains a folder.
 *
 * @param directory - Absolute path.
 * @returns The folder with `.git`; `undefined` outside a repository.
 */
export function repositoryRoot(directory: string): string | undefined {
  let current = directory;
  for (;;) {
    if (existsSync(path.join(current, '.git'))) return current;
    const parent = path.dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
}

/**
 * The folders from a folder up to the top of its repository; outside a repository, only the folder.
 *
 * @param directory - Absolute path.
 * @returns Absolute paths, the deepest first.
 */
export function foldersUpToRepository(directory: string): readonly string[] {
  const top = repositoryRoot(directory) ?? directory;
  const folders = [directory];
  for (let current = directory; current !== top; folders.push(current)) current = path.dirname(current);
  return folders;
}
