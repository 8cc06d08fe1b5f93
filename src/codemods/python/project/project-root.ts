/**
 * Finds the root of a file's project from the file alone, so that it does not matter in which folder the command runs.
 * Reads files through `SourceFiles`.
 */
import type { SourceFiles } from '../../migration.js';

import { ImportedRoots } from './imported-roots.js';
import { manifestNames, parentOf } from './project-files.js';

/** Nobody nests a project deeper. */
const MAX_LEVELS_UP = 12;

/** Matches the folder of installed packages, which are no part of the user's project. */
const INSTALLED = /[\\/](site|dist)-packages([\\/]|$)/;

/** Whether a path is inside installed packages. */
export function isInstalled(path: string): boolean {
  return INSTALLED.test(path);
}

/**
 * The root of a file's project: the nearest folder above it with a manifest or a repository. A folder with an
 * `__init__.py` is a package and never the root, because Python imports it from the folder above. Without manifest and
 * repository, the root is that of the program.
 */
export function projectRoot(
  files: SourceFiles,
  absolutePath: string,
  imports: ImportedRoots = new ImportedRoots(files),
): string {
  const start = parentOf(absolutePath);
  if (isInstalled(absolutePath)) return topmostPackage(files, start);
  let folder = start;
  for (let level = 0; level < MAX_LEVELS_UP && folder !== '/'; level++) {
    if (!isPackage(files, folder) && isMarked(files, folder)) return folder;
    folder = parentOf(folder);
  }
  return programRoot(files, absolutePath, imports);
}

function isPackage(files: SourceFiles, folder: string): boolean {
  return files.read(`${folder}/__init__.py`) !== undefined;
}

function isMarked(files: SourceFiles, folder: string): boolean {
  if (manifestNames(files, folder).length > 0) return true;
  return files.list === undefined ? files.isDirectory(`${folder}/.git`) : files.list(folder).includes('.git');
}

/** The topmost folder of the installed package. */
function topmostPackage(files: SourceFiles, start: string): string {
  let folder = start;
  for (let parent = parentOf(folder); isPackage(files, parent) && !/-packages$/.test(parent); parent = parentOf(folder))
    folder = parent;
  return folder;
}

/** How far imports are looked for above a file where no manifest and no repository marks the root. */
const MAX_LEVELS_OF_IMPORTS = 4;

/** A folder with more entries, such as a home folder, is not a project. */
const MAX_ENTRIES = 64;

/**
 * The folder of the program that a file belongs to: the folder above its topmost package, or a folder further up whose
 * scripts import from there, or from which the scripts beside the file import. It ends at a manifest or a repository.
 */
export function programRoot(
  files: SourceFiles,
  absolutePath: string,
  imports: ImportedRoots = new ImportedRoots(files),
): string {
  let root = parentOf(absolutePath);
  while (isPackage(files, root)) root = parentOf(root);
  const beside = parentOf(absolutePath);
  const own = scriptsIn(files, beside)
    .flatMap((path) => [...imports.of(path)])
    .filter((name) => !contains(files, beside, name));
  let below = root;
  for (let level = 0; level < MAX_LEVELS_OF_IMPORTS && !isMarked(files, below); level++) {
    const folder = parentOf(below);
    if (folder === '/' || folder === below || (files.list?.(folder) ?? []).length > MAX_ENTRIES) break;
    const name = below.slice(folder.length + 1);
    if (own.some((each) => contains(files, folder, each)) || isImportedIn(files, imports, folder, name)) root = folder;
    below = folder;
  }
  return root;
}

/** Whether a folder has a module or a folder with this name. */
function contains(files: SourceFiles, folder: string, name: string): boolean {
  return files.read(`${folder}/${name}.py`) !== undefined || files.isDirectory(`${folder}/${name}`);
}

/** Whether scripts of a folder, or of a folder in it, import a part of it by name. */
function isImportedIn(files: SourceFiles, imports: ImportedRoots, folder: string, name: string): boolean {
  const entries = files.list?.(folder) ?? [];
  const folders = entries.filter((each) => !each.includes('.') && each !== name).map((each) => `${folder}/${each}`);
  return [folder, ...folders].some((each) => scriptsIn(files, each).some((path) => imports.includes(path, name)));
}

function scriptsIn(files: SourceFiles, folder: string): string[] {
  const names = (files.list?.(folder) ?? []).filter((name) => name.endsWith('.py'));
  return names.length > MAX_ENTRIES ? [] : names.map((name) => `${folder}/${name}`);
}
