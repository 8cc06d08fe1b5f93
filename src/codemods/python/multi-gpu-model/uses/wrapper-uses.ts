/** Decides whether a wrapper that the project defines can be removed. Reads files through `SourceFiles`. */
import type { MigrationContext } from '../../../migration.js';
import type { Plan } from '../../../result.js';
import type { PythonParser } from '../../syntax/parser.js';
import type { ModuleLoader, Wrapper } from '../find/wrappers.js';

import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { originContext } from '../find/origin-context.js';
import { wrapperOf } from '../find/wrappers.js';
import { isMigrated } from '../prefilter.js';

/**
 * Whether some file uses a wrapper, and every use in the project can be migrated.
 *
 * @param parser - Parses the other files.
 * @param context - The file that defines the wrapper.
 * @param load - Loads modules that wrap.
 * @param wrapper - The wrapper.
 * @param planOf - Plans another file, given that the wrapper is removed.
 * @returns Undefined when the files of the project cannot be listed.
 */
export function canRemoveWrapper(
  parser: PythonParser,
  context: MigrationContext,
  load: ModuleLoader,
  wrapper: Wrapper,
  planOf: (module: PythonModule, path: string) => Plan,
): boolean | undefined {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined || absolutePath === undefined) return undefined;
  let isUsed = isUsedOutsideItself(wrapper);
  for (const path of pythonFiles(files, root)) {
    const text = path === absolutePath ? undefined : files.read(path);
    if (text?.includes(wrapper.name) !== true) continue;
    if (!path.endsWith('.py')) return false;
    const module = new PythonModule(parser.parse(path, text), originContext);
    const named = module.identifiersNamed(wrapper.name);
    if (named.length === 0) continue;
    if (!isMigrated(text)) return false;
    // A file that only re-exports the wrapper, or uses it in an unknown way, may depend on it.
    if (!named.some((node) => wrapperOf(module, node, load)?.name === wrapper.name)) return false;
    const plan = planOf(module, path);
    if (plan.changes.length === 0 || plan.findings.some(({ disposition }) => disposition === 'refuse')) return false;
    isUsed = true;
  }
  return isUsed;
}

function isUsedOutsideItself({ module, name, definition }: Wrapper): boolean {
  const reads = module.scopes.module.bindings.get(name)?.reads ?? [];
  return reads.some((read) => read.start < definition.start || read.start > definition.end);
}
