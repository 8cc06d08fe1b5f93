/** Resolves the module of an import to a file of the project. Reads files through `SourceFiles`. */
import type { MigrationContext } from '../../migration.js';

import { parentOf, projectRoot } from './project-files.js';

/** The path of a module; undefined when it is not part of the project. */
export function resolveModule(context: MigrationContext, from: string, module: string): string | undefined {
  const { files } = context;
  if (files === undefined) return undefined;
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const parts = module
    .slice(dots)
    .split('.')
    .filter((part) => part !== '');
  for (const folder of dots > 0 ? [ancestor(from, dots)] : searchFolders(context, from)) {
    const base = [folder, ...parts].join('/');
    for (const candidate of parts.length === 0 ? [`${base}/__init__.py`] : [`${base}.py`, `${base}/__init__.py`]) {
      if (candidate !== from && files.read(candidate) !== undefined) return candidate;
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

/** The folders to search for an absolute import: that of the file and all above it, up to the root of the project. */
function searchFolders(context: MigrationContext, from: string): string[] {
  const root = projectRoot({ ...context, absolutePath: from });
  const folders: string[] = [];
  for (let folder = parentOf(from); ; folder = parentOf(folder)) {
    folders.push(folder, `${folder}/src`);
    if (root === undefined || folder === root || folder === '/') return folders;
  }
}
