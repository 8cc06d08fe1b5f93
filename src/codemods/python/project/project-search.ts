/** Finds out whether some file of a Python project contains a string. Reads files through `SourceFiles`. */
import type { SourceFiles } from '../../migration.js';

import { ImportedRoots } from './imported-roots.js';
import { parentOf, pythonFiles } from './project-files.js';
import { isInstalled, projectRoot } from './project-root.js';

/** Creates a search that reads each project once. */
export function createProjectSearch(files: SourceFiles): (absolutePath: string, literal: string) => boolean {
  const imports = new ImportedRoots(files);
  const roots = new Map<string, string>();
  const verdicts = new Map<string, boolean>();
  return (absolutePath, literal) => {
    // Every file below installed packages belongs to them.
    if (isInstalled(absolutePath)) return false;
    const folder = parentOf(absolutePath);
    let root = roots.get(folder);
    if (root === undefined) roots.set(folder, (root = projectRoot(files, absolutePath, imports)));
    const key = `${literal}\0${root}`;
    let verdict = verdicts.get(key);
    if (verdict === undefined) {
      verdict = pythonFiles(files, root).some(
        (path) => path.endsWith('.py') && files.read(path)?.includes(literal) === true,
      );
      verdicts.set(key, verdict);
    }
    return verdict;
  };
}
