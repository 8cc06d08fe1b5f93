/** From the module of an import to the file of the project that holds it. Reads through `SourceFiles` only. */
import type { MigrationContext } from '../../migration.js';

import { parentOf, projectRoot } from './project-files.js';

/** The path of a project's module, or undefined when it is not one of the project's. */
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

/** Where an absolute import is looked for: the file's own folder, those above it, the project's root. */
function searchFolders(context: MigrationContext, from: string): string[] {
  const root = projectRoot({ ...context, absolutePath: from });
  const folders: string[] = [];
  for (let folder = parentOf(from); ; folder = parentOf(folder)) {
    folders.push(folder, `${folder}/src`);
    if (root === undefined || folder === root || folder === '/') return folders;
  }
}
