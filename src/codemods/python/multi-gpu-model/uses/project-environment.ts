/** Answers what the plan of a file asks about the rest of its project. Reads files through `SourceFiles`. */
import type { MigrationContext } from '../../../migration.js';
import type { Finding } from '../../../result.js';
import type { PythonParser } from '../../syntax/parser.js';
import type { ModuleLoader } from '../find/wrappers.js';
import type { ComposedClass } from '../model/composed-class.js';

import { isRefusal } from '../../../refusal.js';
import { PythonModule } from '../../analysis/module.js';
import { resolveModule } from '../../project/resolve-module.js';
import { originContext } from '../find/origin-context.js';
import { topLevelFunction } from '../model/class-members.js';
import { composedClass } from '../model/composed-class.js';
import { constructionsIn } from '../model/constructions.js';
import { type FileEnvironment, SINGLE_FILE } from '../plans/file-environment.js';
import { planComposition } from '../plans/plan-composition.js';
import { planFile } from '../plans/plan-file.js';

import { isCompiledInOtherFiles } from './compiles.js';
import { isComposedInOneScope, projectView } from './composed-scope.js';
import { findComposition } from './composition.js';
import { definitionsInProject, originsThroughProject } from './exported-origin.js';
import { onlyPredicts } from './predictions.js';
import { isImportedByOtherFiles } from './re-exports.js';
import { subclassesInOtherFiles } from './subclasses.js';
import { isTrainedInOtherFiles } from './training.js';
import { canRemoveWrapper } from './wrapper-uses.js';

/** The part of an environment that does not depend on the plans of other files. */
type FileView = Omit<
  FileEnvironment,
  'load' | 'canRemoveWrapper' | 'migratesFunction' | 'isComposedInScope' | 'composition'
>;

/** The environment of the file that a context is about; that of a single file when other files are out of reach. */
export function projectEnvironment(parser: PythonParser, context: MigrationContext): FileEnvironment {
  const { files, absolutePath } = context;
  if (files === undefined || absolutePath === undefined) return SINGLE_FILE;
  const load = wrapLoader(parser, context, absolutePath);
  const viewOf = (path: string): FileView => fileView(parser, { ...context, absolutePath: path }, path, load);
  const canMigrateClass = (composed: ComposedClass): boolean => migratesClass(composed, viewOf(composed.path));
  return {
    ...viewOf(absolutePath),
    load,
    canRemoveWrapper: (wrapper) =>
      canRemoveWrapper(parser, context, load, wrapper, (module, path) =>
        planFile(module, { ...SINGLE_FILE, ...viewOf(path), load, canRemoveWrapper: () => true }),
      ),
    isComposedInScope: (module, owner) => {
      const composed = owner === undefined ? undefined : composedClass(module, absolutePath, owner);
      return composed !== undefined && isComposedInOneScope(parser, context, composed, canMigrateClass);
    },
    composition: (module) => {
      const view = projectView(parser, context, module);
      const constructions = constructionsIn(module, view);
      const isPossible =
        constructions.length > 0 &&
        constructions.every(({ composed }) => isComposedInOneScope(parser, context, composed, canMigrateClass));
      const plan = isPossible ? planComposition(module, view) : undefined;
      return isRefusal(plan) ? undefined : plan;
    },
    migratesFunction: (module, name) => migratesFunction(module, name, viewOf(module.source.path)),
  };
}

/** Loads the modules of the project that name `multi_gpu_model`, each once. */
function wrapLoader(parser: PythonParser, context: MigrationContext, absolutePath: string): ModuleLoader {
  const loaded = new Map<string, PythonModule | undefined>();
  return (from, module) => {
    const origin = from.source.path.startsWith('/') ? from.source.path : absolutePath;
    const path = resolveModule(context, origin, module);
    if (path === undefined) return undefined;
    if (!loaded.has(path)) {
      const text = context.files?.read(path);
      const wraps = text?.includes('multi_gpu_model') === true;
      loaded.set(path, wraps ? new PythonModule(parser.parse(path, text), originContext) : undefined);
    }
    return loaded.get(path);
  };
}

function fileView(parser: PythonParser, context: MigrationContext, path: string, load: ModuleLoader): FileView {
  return {
    composedAt: (attribute, owner) => findComposition(parser, context, attribute, owner),
    compiledInOtherFiles: (_module, name) => isCompiledInOtherFiles(parser, context, load, name),
    onlyPredicts: (module, call, model) => onlyPredicts(parser, context, module, call, model),
    trainedInOtherFiles: (attribute, owner, orPassOn) =>
      isTrainedInOtherFiles(parser, context, attribute, owner, orPassOn),
    subclassesOf: (name) => subclassesInOtherFiles(parser, context, name),
    originsOf: (module, callee) => originsThroughProject(parser, context, module, callee),
    definitionsOf: (module, callee) =>
      definitionsInProject(parser, context, module, callee).map((found) => found.module.source.textOf(found.node)),
    importedByOtherFiles: (name) => isImportedByOtherFiles(parser, context, path, name),
  };
}

/** Whether every wrap in a function is migrated. */
function migratesFunction(module: PythonModule, name: string, view: FileView): boolean {
  const plan = planFile(module, { ...SINGLE_FILE, ...view });
  const definition = topLevelFunction(module, name);
  if (definition === undefined) return false;
  const isInside = ({ start }: Finding): boolean => definition.start <= start.offset && start.offset < definition.end;
  return (
    plan.changes.some(({ findings }) => findings.some(isInside)) &&
    !plan.findings.some((finding) => finding.disposition === 'refuse' && isInside(finding))
  );
}

/** Whether the file of a class is migrated completely, provided that the users of the class enter a scope. */
function migratesClass({ module }: ComposedClass, view: FileView): boolean {
  const plan = planFile(module, {
    ...SINGLE_FILE,
    ...view,
    composedAt: () => ({ text: '', file: '', line: 0 }),
    isComposedInScope: () => true,
  });
  return plan.changes.length > 0 && plan.findings.every(({ disposition }) => disposition !== 'refuse');
}
