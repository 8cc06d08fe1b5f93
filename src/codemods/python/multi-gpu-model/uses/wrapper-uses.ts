/** Decides whether a wrapper that the project defines can be removed. Pure. */
import type { Plan } from '../../../result.js';
import type { PythonProject } from '../../project/python-project.js';
import type { Wrapper } from '../find/wrappers.js';

import { referencesTo } from '../../project/references.js';
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
  // A file that only imports the wrapper may re-export it.
  const importers = project.index.exportsOf(path, wrapper.name);
  if (importers.some((importer) => uses.every(({ module }) => module.source.path !== importer.path))) return false;
  for (const { module, node } of uses) {
    const { source } = module;
    if (source.path.endsWith('.ipynb') || !isMigrated(source.text)) return false;
    const used = wrapperOf(module, node, (from, name) => project.imported(from, name));
    if (used?.name !== wrapper.name) return false;
    const plan = planOf(source.path);
    if (plan === undefined || plan.changes.length === 0) return false;
    if (plan.findings.some(({ disposition }) => disposition === 'refuse')) return false;
  }
  return uses.length > 0 || isUsedOutsideItself(wrapper);
}

function isUsedOutsideItself({ module, name, definition }: Wrapper): boolean {
  const reads = module.scopes.module.bindings.get(name)?.reads ?? [];
  return reads.some((read) => read.start < definition.start || read.start > definition.end);
}
