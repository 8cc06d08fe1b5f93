/** Relations between paths, by their names alone. Pure. */
import path from 'node:path';

/** Whether `candidate` is `directory` or is below it. Both are absolute. */
export function isInside(candidate: string, directory: string): boolean {
  return candidate === directory || candidate.startsWith(withSeparator(directory));
}

/** A folder with a separator at its end; the root of the file system has one already. */
export function withSeparator(directory: string): string {
  return directory.endsWith(path.sep) ? directory : directory + path.sep;
}

/** The folders that a file is in, the deepest first. */
export function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let folder = path.dirname(file); folders.at(-1) !== folder; folder = path.dirname(folder)) folders.push(folder);
  return folders;
}
