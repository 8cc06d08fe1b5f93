/** Finds out whether some file of a Python project contains a string. Reads files through `SourceFiles`. */
import type { SourceFiles } from '../../migration.js';

import { isInstalled, parentOf, projectRoot, pythonFiles } from './project-files.js';

/** Creates a search that reads each project once. */
export function createProjectSearch(
  files: SourceFiles,
  root: string,
): (absolutePath: string, literal: string) => boolean {
  const roots = new Map<string, string | undefined>();
  const verdicts = new Map<string, boolean>();
  const rootOf = (absolutePath: string): string | undefined => {
    const folder = parentOf(absolutePath);
    if (!roots.has(folder)) roots.set(folder, projectRoot({ absolutePath, root, files }));
    return roots.get(folder);
  };
  return (absolutePath, literal) => {
    // Every file below installed packages belongs to them.
    if (isInstalled(root)) return false;
    const project = rootOf(absolutePath);
    if (project === undefined || isInstalled(project)) return false;
    const key = `${literal}\0${project}`;
    let verdict = verdicts.get(key);
    if (verdict === undefined) {
      verdict = pythonFiles(files, project).some(
        (path) => path.endsWith('.py') && files.read(path)?.includes(literal) === true,
      );
      verdicts.set(key, verdict);
    }
    return verdict;
  };
}
