/** Decides whether a wrapper that the project defines can be removed. Pure. */
import type { Plan } from '../../../result.js';
import type { PythonProject } from '../../project/python-project.js';
import type { Wrapper } from '../find/wrappers.js';

import { type Reference, referencesTo } from '../../project/references.js';
import { wrapperOf } from '../find/wrappers.js';
import { isMigrated } from '../prefilter.js';

/**
 * Whether some file uses a wrapper, and every use in the project can be migrated.
 *
 * @param project - The project.
 * @param path - The file that defines the wrapper.
 * @param wrapper - The wrapper.
 * @param planOf - The plan of another file.
 * @returns Whether nothing needs the wrapper any more.
 */
export function canRemoveWrapper(
  project: PythonProject,
  path: string,
  wrapper: Wrapper,
  planOf: (path: string) => Plan | undefined,
): boolean {
  const uses = referencesTo(project, { path, name: wrapper.name });
  for (const importer of onlyImporting(project, path, wrapper.name, uses))
    if (mayReExport(project, importer) || !isCompletelyMigrated(planOf(importer))) return false;
  for (const { module, node } of uses) {
    const { source } = module;
    if (source.path.endsWith('.ipynb') || !isMigrated(source.text)) return false;
    const used = wrapperOf(project, module, node);
    if (used?.name !== wrapper.name || !isCompletelyMigrated(planOf(source.path))) return false;
  }
  return uses.length > 0 || isUsedOutsideItself(wrapper);
}

function isCompletelyMigrated(plan: Plan | undefined): boolean {
  return (
    plan !== undefined && plan.changes.length > 0 && plan.findings.every(({ disposition }) => disposition !== 'refuse')
  );
}

/** The files that import the wrapper by its name and do not use it. A star import alone is no reason to keep it. */
function onlyImporting(project: PythonProject, path: string, name: string, uses: readonly Reference[]): string[] {
  return project.index
    .exportsOf(path, name)
    .map((importer) => importer.path)
    .filter((importer) => uses.every(({ module }) => module.source.path !== importer))
    .filter((importer) => project.text(importer)?.includes(name) === true);
}

/** Whether a file that does not use an import may have it for others: it is a package, or another file imports it. */
function mayReExport(project: PythonProject, path: string): boolean {
  return path.endsWith('/__init__.py') || project.index.importersOf(path).length > 0;
}

function isUsedOutsideItself({ module, name, definition }: Wrapper): boolean {
  const reads = module.scopes.module.bindings.get(name)?.reads ?? [];
  return reads.some((read) => read.start < definition.start || read.start > definition.end);
}
