/** Finds the Python project of a file: its root, its files, its manifests. Reads files through `SourceFiles`. */
import type { MigrationContext, SourceFiles } from '../../migration.js';
import type { Manifest } from '../requirements/read-requirements.js';

/** A folder with more files is not one package, so the rest is ignored. */
const MAX_FILES = 5000;
const MAX_LEVELS_UP = 8;

/** Files in which Python projects declare their requirements. */
const MANIFEST = /^(requirements[\w.-]*\.(txt|in)|setup\.(cfg|py)|pyproject\.toml|environment[\w.-]*\.ya?ml|Pipfile)$/;

/** The manifests to try in a folder that cannot be listed. */
const USUAL_MANIFESTS = [
  'requirements.txt',
  'requirements-gpu.txt',
  'setup.cfg',
  'setup.py',
  'pyproject.toml',
  'environment.yml',
  'environment.yaml',
  'Pipfile',
];

/** Folders that do not contain the user's own code. */
const IGNORED_FOLDERS = new Set(['node_modules', 'site-packages', '__pycache__', 'build', 'dist', 'venv', 'env']);

/**
 * The folder of a file's package: the nearest one above with a manifest or a repository, within the root of the run.
 */
export function projectRoot({
  absolutePath,
  root,
  files,
}: Pick<MigrationContext, 'absolutePath' | 'root' | 'files'>): string | undefined {
  if (absolutePath === undefined || files === undefined) return undefined;
  let folder = parentOf(absolutePath);
  let best = folder;
  for (let level = 0; level < MAX_LEVELS_UP; level++) {
    best = folder;
    if (isProjectRoot(files, folder) || folder === root) return folder;
    const parent = parentOf(folder);
    if (parent === folder || (root !== undefined && !parent.startsWith(root))) return folder;
    folder = parent;
  }
  return best;
}

function isProjectRoot(files: SourceFiles, folder: string): boolean {
  return manifestNames(files, folder).length > 0 || files.isDirectory(`${folder}/.git`);
}

/**
 * Whether a folder belongs to installed packages, which have thousands of files and are not part of the user's project.
 */
export function isInstalled(root: string): boolean {
  return /[\\/](site|dist)-packages([\\/]|$)/.test(root);
}

/** The folder of a path. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** The manifests of a folder, and of the folder `requirements` in it. */
export function manifestsOf(files: SourceFiles, folder: string): Manifest[] {
  const names = manifestNames(files, folder);
  for (const name of files.list?.(`${folder}/requirements`) ?? [])
    if (/\.(txt|in)$/.test(name)) names.push(`requirements/${name}`);
  return names.flatMap((name) => {
    const text = files.read(`${folder}/${name}`);
    return text === undefined ? [] : [{ name, text }];
  });
}

function manifestNames(files: SourceFiles, folder: string): string[] {
  if (files.list !== undefined) return files.list(folder).filter((name) => MANIFEST.test(name));
  return USUAL_MANIFESTS.filter((name) => files.read(`${folder}/${name}`) !== undefined);
}

/** The paths of the Python files below a folder; empty when the folder cannot be listed. */
export function pythonFiles(files: SourceFiles, folder: string): string[] {
  const found: string[] = [];
  const queue = [folder];
  for (let next = queue.shift(); next !== undefined && found.length < MAX_FILES; next = queue.shift()) {
    for (const name of files.list?.(next) ?? []) {
      const path = `${next}/${name}`;
      if (name.endsWith('.py') || name.endsWith('.ipynb')) found.push(path);
      else if (!name.startsWith('.') && !IGNORED_FOLDERS.has(name) && !name.includes('.') && files.isDirectory(path))
        queue.push(path);
    }
  }
  return found.sort();
}
