/** What a file sees of its project: modules that it imports, and who uses what it defines. */
import type { MigrationContext } from '../../../migration.js';
import type { Finding } from '../../../result.js';
import type { PythonParser } from '../../syntax/parser.js';

import { importedNames } from '../../analysis/imports.js';
import { PythonModule } from '../../analysis/module.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { resolveModule } from '../../project/resolve-module.js';
import { childByField } from '../../syntax/node.js';
import { type ImportedFunction, importedModels, planImportedCompiles } from '../find/imported-models.js';
import { originContext } from '../find/origin-context.js';
import { type ModuleLoader, type Wrapper, wrapperOf } from '../find/wrappers.js';
import { type ComposedClass, composedClass } from '../model/composed-class.js';
import { constructionsIn, planComposition } from '../plans/plan-composition.js';
import { ALONE, type FileEnvironment, planFile } from '../plans/plan-file.js';
import { isLookedAt } from '../prefilter.js';
import { Refusal } from '../refusal.js';

import { compositionHolds, projectView } from './composed-scope.js';
import { composedElsewhere } from './composition.js';
import { definitionsInProject, originsThroughProject } from './exported-origin.js';
import { onlyPredicts } from './predictions.js';
import { isPassedOn } from './re-exports.js';
import { subclassesElsewhere } from './subclasses.js';
import { isTrainedInAnotherFile } from './training.js';

/** The environment of the file that a context is about; alone when other files may not be looked at. */
export function fileEnvironment(parser: PythonParser, context: MigrationContext): FileEnvironment {
  const { files, absolutePath } = context;
  if (files === undefined || absolutePath === undefined) return ALONE;
  const loaded = new Map<string, PythonModule | undefined>();
  const load: ModuleLoader = (from, module) => {
    const origin = from.source.path.startsWith('/') ? from.source.path : absolutePath;
    const path = resolveModule(context, origin, module);
    if (path === undefined) return undefined;
    if (!loaded.has(path)) {
      const text = files.read(path);
      const wraps = text?.includes('multi_gpu_model') === true;
      loaded.set(path, wraps ? new PythonModule(parser.parse(path, text), originContext) : undefined);
    }
    return loaded.get(path);
  };
  return {
    ...viewFrom(parser, context, absolutePath, load),
    load,
    unused: (wrapper) => canGo(parser, context, load, wrapper),
    composedInScope: (module, owner) => {
      const composed = owner === undefined ? undefined : composedClass(module, absolutePath, owner);
      return (
        composed !== undefined &&
        compositionHolds(parser, context, composed, (other) =>
          classMigrates(other, viewFrom(parser, context, other.path, load)),
        )
      );
    },
    composition: (module) => {
      const view = projectView(parser, context, module);
      const constructions = constructionsIn(module, view);
      const holds =
        constructions.length > 0 &&
        constructions.every(({ composed }) =>
          compositionHolds(parser, context, composed, (other) =>
            classMigrates(other, viewFrom(parser, context, other.path, load)),
          ),
        );
      return holds ? planComposition(module, view) : undefined;
    },
    migrates: (module, name) => migrates(module, name, viewFrom(parser, context, module.source.path, load)),
  };
}

/** What a file knows of others without asking what is rewritten there. */
function viewFrom(
  parser: PythonParser,
  context: MigrationContext,
  path: string,
  load: ModuleLoader,
): Omit<FileEnvironment, 'load' | 'unused' | 'migrates' | 'composedInScope' | 'composition'> {
  const here: MigrationContext = { ...context, absolutePath: path };
  return {
    composedElsewhere: (attribute, owner) => composedElsewhere(parser, here, attribute, owner),
    compiledElsewhere: (_module, name) => isCompiledElsewhere(parser, here, load, name),
    predictedBy: (module, call, model) => onlyPredicts(parser, here, module, call, model),
    trainedElsewhere: (attribute, owner, goingOn) => isTrainedInAnotherFile(parser, here, attribute, owner, goingOn),
    subclassesOf: (name) => subclassesElsewhere(parser, here, name),
    originsOf: (module, callee) => originsThroughProject(parser, here, module, callee),
    definitionsOf: (module, callee) =>
      definitionsInProject(parser, here, module, callee).map((found) => found.module.source.textOf(found.node)),
    passedOn: (name) => isPassedOn(parser, here, path, name),
  };
}

/** Whether at least one file uses a wrapper, and every use of it in the project can be rewritten. */
function canGo(
  parser: PythonParser,
  context: MigrationContext,
  load: ModuleLoader,
  wrapper: Wrapper,
): boolean | undefined {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined || absolutePath === undefined) return undefined;
  let used = usesIn(wrapper.module, wrapper);
  for (const path of pythonFiles(files, root)) {
    const text = path === absolutePath ? undefined : files.read(path);
    if (text === undefined || !text.includes(wrapper.name)) continue;
    if (!path.endsWith('.py')) return false;
    const module = new PythonModule(parser.parse(path, text), originContext);
    const named = module.identifiersNamed(wrapper.name);
    if (named.length === 0) continue;
    if (!isLookedAt(text)) return false;
    const uses = named.filter((node) => wrapperOf(module, node, load)?.name === wrapper.name);
    const plan = planFile(module, { ...ALONE, ...viewFrom(parser, context, path, load), load, unused: () => true });
    // Passed on, or reached in a way that is not understood: somebody may depend on it.
    if (
      uses.length === 0 ||
      plan.changes.length === 0 ||
      plan.findings.some((finding) => finding.disposition === 'refuse')
    )
      return false;
    used = true;
  }
  return used;
}

function usesIn(module: PythonModule, wrapper: Wrapper): boolean {
  const reads = module.scopes.module.bindings.get(wrapper.name)?.reads ?? [];
  return reads.some((read) => read.start < wrapper.definition.start || read.start > wrapper.definition.end);
}

/** Whether the wraps of a function are rewritten. */
function migrates(module: PythonModule, name: string, view: Partial<FileEnvironment>): boolean {
  const plan = planFile(module, { ...ALONE, ...view });
  const definition = module.source.root.children.find(
    (node) => node.type === 'function_definition' && module.source.textOf(childByField(node, 'name') ?? node) === name,
  );
  if (definition === undefined) return false;
  const within = ({ start }: Finding): boolean => definition.start <= start.offset && start.offset < definition.end;
  return (
    plan.changes.some(({ findings }) => findings.some(within)) &&
    !plan.findings.some((finding) => finding.disposition === 'refuse' && within(finding))
  );
}

/** Whether the file of a class can be rewritten, given that its users enter a scope. */
function classMigrates({ module }: ComposedClass, view: Partial<FileEnvironment>): boolean {
  const plan = planFile(module, {
    ...ALONE,
    ...view,
    composedElsewhere: () => ({ text: '', file: '', line: 0 }),
    composedInScope: () => true,
  });
  return plan.changes.length > 0 && plan.findings.every(({ disposition }) => disposition !== 'refuse');
}

/** Whether at least one file of the project compiles what a function returns, and all that do can be rewritten. */
function isCompiledElsewhere(
  parser: PythonParser,
  context: MigrationContext,
  load: ModuleLoader,
  name: string,
): boolean {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  let compiled = false;
  for (const path of pythonFiles(files, root)) {
    const text = path === absolutePath || !path.endsWith('.py') ? undefined : files.read(path);
    if (text === undefined || !text.includes(name)) continue;
    const caller = new PythonModule(parser.parse(path, text), originContext);
    const models = importedModels(caller, load).filter(({ functions }) =>
      functions.some(({ origin, called }) => called === name && origin.source.path === absolutePath),
    );
    if (models.length === 0) {
      if (takesAndUses(caller, name, (module) => resolveModule(context, path, module) === absolutePath)) return false;
      continue;
    }
    if (models.some(({ places, functions }) => places.length === 0 || !areOne(functions))) return false;
    try {
      const { compiles } = planImportedCompiles(caller, models);
      // A file that would not be opened for itself keeps its compile outside of the scope.
      if (compiles.length > 0 && !isLookedAt(text)) return false;
      compiled ||= compiles.length > 0;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }
  return compiled;
}

/** Functions that are chosen from have to be rewritten together: they get their models from one. */
function areOne(functions: readonly ImportedFunction[]): boolean {
  return functions.every(
    ({ origin, wrapping }) => origin === functions[0]?.origin && wrapping === functions[0].wrapping,
  );
}

/** Whether a file imports a function and does something with it. */
function takesAndUses({ source, scopes }: PythonModule, name: string, isThere: (module: string) => boolean): boolean {
  return source.nodes.some((node) => {
    if (node.type !== 'import_from_statement') return false;
    return importedNames(source, node).some(({ module, member, clause }) => {
      const bound =
        member === name && isThere(module)
          ? (childByField(clause, 'alias') ?? clause.children.at(-1) ?? clause)
          : undefined;
      const binding = bound === undefined ? undefined : scopes.bindingOf(bound);
      return binding !== undefined && binding.reads.length > 0;
    });
  });
}
