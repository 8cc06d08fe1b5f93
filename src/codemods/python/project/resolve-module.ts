/** Resolves the module of an import to a file of the project. Reads files through `SourceFiles`. */
import type { SourceFiles } from '../../migration.js';

import { parentOf } from './project-files.js';

/** Where the modules of one file may be. */
export interface ModuleSearch {
  readonly files: SourceFiles;
  /** The root of the project. */
  readonly root: string;
  /** Folders that the file adds to the search path, as written. */
  readonly additions: readonly string[];
}

/** The path of a module; undefined when it is not part of the project. */
export function resolveModule(search: ModuleSearch, from: string, module: string): string | undefined {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const parts = module
    .slice(dots)
    .split('.')
    .filter((part) => part !== '');
  for (const folder of dots > 0 ? [ancestor(from, dots)] : searchFolders(search, from)) {
    const base = [folder, ...parts].join('/');
    for (const candidate of parts.length === 0 ? [`${base}/__init__.py`] : [`${base}.py`, `${base}/__init__.py`]) {
      if (candidate !== from && search.files.read(candidate) !== undefined) return candidate;
    }
  }
  return undefined;
}

/** The folder that relative dots name. */
function ancestor(from: string, dots: number): string {
  let folder = parentOf(from);
  for (let level = 1; level < dots; level++) folder = parentOf(folder);
  return folder;
}

/**
 * The folders to search for an absolute import: that of the file, which Python puts on the search path of a script, and
 * all above it up to the root of the project, each with `src`; then the folders that the file adds to `sys.path`.
 */
function searchFolders({ root, additions }: ModuleSearch, from: string): string[] {
  const folders: string[] = [];
  for (let folder = parentOf(from); ; folder = parentOf(folder)) {
    folders.push(folder, `${folder}/src`);
    if (folder === root || folder === '/') break;
  }
  for (const addition of additions) folders.push(joined(parentOf(from), addition), joined(root, addition));
  return folders;
}

/** A path relative to a folder, without `.` and `..`. */
function joined(folder: string, relative: string): string {
  const parts = relative.startsWith('/') ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
