/** Decides whether other files compile the model that a function returns. Reads files through `SourceFiles`. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';
import type { ModuleLoader } from '../find/wrappers.js';
import type { ImportedFunction } from '../model/imported-models.js';

import { isRefusal } from '../../../refusal.js';
import { importedNames } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { resolveModule } from '../../project/resolve-module.js';
import { childByField } from '../../syntax/node.js';
import { originContext } from '../find/origin-context.js';
import { importedModels } from '../model/imported-models.js';
import { planImportedCompiles } from '../plans/plan-imported-compiles.js';
import { isMigrated } from '../prefilter.js';

/** Whether at least one other file compiles what a function returns, and every one that does can be migrated. */
export function isCompiledInOtherFiles(
  parser: PythonParser,
  context: MigrationContext,
  load: ModuleLoader,
  name: string,
): boolean {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  let isCompiled = false;
  for (const path of pythonFiles(files, root)) {
    const text = path === absolutePath || !path.endsWith('.py') ? undefined : files.read(path);
    if (text?.includes(name) !== true) continue;
    const caller = new PythonModule(parser.parse(path, text), originContext);
    const imported = importedModels(caller, load).filter(({ functions }) =>
      functions.some(({ origin, called }) => called === name && origin.source.path === absolutePath),
    );
    if (imported.length === 0) {
      if (importsAndUses(caller, name, (module) => resolveModule(context, path, module) === absolutePath)) return false;
      continue;
    }
    if (imported.some(({ models, functions }) => models.length === 0 || !areOne(functions))) return false;
    const plan = planImportedCompiles(caller, imported);
    // A file that the run does not open keeps its compile outside the scope.
    if (isRefusal(plan) || (plan.compiles.length > 0 && !isMigrated(text))) return false;
    isCompiled ||= plan.compiles.length > 0;
  }
  return isCompiled;
}

/** Whether all functions get their model from one function; otherwise they would have to be migrated together. */
function areOne(functions: readonly ImportedFunction[]): boolean {
  return functions.every(
    ({ origin, wrapping }) => origin === functions[0]?.origin && wrapping === functions[0].wrapping,
  );
}

/** Whether a file imports a function and uses it. */
function importsAndUses({ source, scopes }: PythonModule, name: string, isHome: (module: string) => boolean): boolean {
  return source.nodes.some((node) => {
    if (node.type !== 'import_from_statement') return false;
    return importedNames(source, node).some(({ module, member, clause }) => {
      const bound =
        member === name && isHome(module)
          ? (childByField(clause, 'alias') ?? clause.children.at(-1) ?? clause)
          : undefined;
      const binding = bound === undefined ? undefined : scopes.bindingOf(bound);
      return binding !== undefined && binding.reads.length > 0;
    });
  });
}
