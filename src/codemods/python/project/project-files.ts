/** Lists the files of a Python project: its code and its manifests. Reads files through `SourceFiles`. */
import type { SourceFiles } from '../../migration.js';
import type { Manifest } from '../requirements/read-requirements.js';

/** A folder with more files is not one package, so the rest is ignored. */
const MAX_FILES = 5000;
const MAX_FOLDERS = 5000;

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

/** The names of the manifests in a folder. */
export function manifestNames(files: SourceFiles, folder: string): string[] {
  if (files.list !== undefined) return files.list(folder).filter((name) => MANIFEST.test(name));
  return USUAL_MANIFESTS.filter((name) => files.read(`${folder}/${name}`) !== undefined);
}

/** The paths of the Python files below a folder; empty when the folder cannot be listed. */
export function pythonFiles(files: SourceFiles, folder: string): string[] {
  const found: string[] = [];
  const folders = [folder];
  for (const each of folders) {
    if (found.length >= MAX_FILES) break;
    for (const name of files.list?.(each) ?? []) {
      const path = `${each}/${name}`;
      if (name.endsWith('.py') || name.endsWith('.ipynb')) found.push(path);
      else if (
        !name.includes('.') &&
        !IGNORED_FOLDERS.has(name) &&
        folders.length < MAX_FOLDERS &&
        files.isDirectory(path)
      )
        folders.push(path);
    }
  }
  return found.sort();
}
