/** Finds the repository that a folder belongs to. Looks for folders; reads no file. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The work tree that contains a folder.
 *
 * @param directory - Absolute path.
 * @param known - Answers for folders that were asked about before; gets those for this one and the folders above it.
 * @returns The folder with `.git`; `undefined` outside a repository.
 */
export function repositoryRoot(
  directory: string,
  known: Map<string, string | undefined> = new Map(),
): string | undefined {
  if (known.has(directory)) return known.get(directory);
  const parent = path.dirname(directory);
  let root: string | undefined;
  if (existsSync(path.join(directory, '.git'))) root = directory;
  else if (parent !== directory) root = repositoryRoot(parent, known);
  known.set(directory, root);
  return root;
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
