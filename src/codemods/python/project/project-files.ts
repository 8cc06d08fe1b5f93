/** The Python project around a file: its root, its files, its manifests. Reads through `SourceFiles` only. */
import type { MigrationContext, SourceFiles } from '../../migration.js';
import { MANIFESTS } from '../keras-imports/target.js';

/** More files than this are not looked through: it is not one package any more. */
const MOST_FILES = 5000;
const MOST_LEVELS_UP = 8;

const NOT_OURS = new Set(['node_modules', 'site-packages', '__pycache__', 'build', 'dist', 'venv', 'env']);

/** The folder that holds the package of a file: the nearest one above with a manifest or a repository, within the run's root. */
export function projectRoot({ absolutePath, root, files }: MigrationContext): string | undefined {
  if (absolutePath === undefined || files === undefined) return undefined;
  let folder = parentOf(absolutePath);
  let best = folder;
  for (let level = 0; level < MOST_LEVELS_UP; level++) {
    best = folder;
    if (isProjectRoot(files, folder) || folder === root) return folder;
    const parent = parentOf(folder);
    if (parent === folder || (root !== undefined && !parent.startsWith(root))) return folder;
    folder = parent;
  }
  return best;
}

function isProjectRoot(files: SourceFiles, folder: string): boolean {
  return files.isDirectory(`${folder}/.git`) || MANIFESTS.some((name) => files.read(`${folder}/${name}`) !== undefined);
}

/** The folder of a path. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** The texts of the manifests of a folder. */
export function manifestsOf(files: SourceFiles, folder: string): string[] {
  return MANIFESTS.map((name) => files.read(`${folder}/${name}`)).filter((text) => text !== undefined);
}

/** The paths of the Python files below a folder; empty when the folder cannot be listed. */
export function pythonFiles(files: SourceFiles, folder: string): string[] {
  const found: string[] = [];
  const queue = [folder];
  for (let next = queue.shift(); next !== undefined && found.length < MOST_FILES; next = queue.shift()) {
    for (const name of files.list?.(next) ?? []) {
      const path = `${next}/${name}`;
      if (name.endsWith('.py') || name.endsWith('.ipynb')) found.push(path);
      else if (!name.startsWith('.') && !NOT_OURS.has(name) && !name.includes('.') && files.isDirectory(path)) queue.push(path);
    }
  }
  return found.sort();
}
