/**
 * The migration of imports of standalone Keras: a package with a migrated `multi_gpu_model` moves to TensorFlow's Keras
 * as a whole, unless it declares Keras 3. Reads files through `SourceFiles`.
 */
import type { Migration, MigrationContext } from '../../migration.js';
import type { KerasTarget } from '../../options.js';
import type { Finding, Plan, TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';
import type { PlanInProject } from '../multi-gpu-model/index.js';
import type { PythonProject } from '../project/python-project.js';
import type { PythonProjects } from '../project/python-projects.js';
import type { PythonSource } from '../syntax/source.js';

import { moduleOf } from '../analysis/imports.js';
import { callArguments } from '../analysis/statements.js';
import { pythonKerasImportsInfo } from '../info.js';
import { refusedFileEndings } from '../multi-gpu-model/checks/file-endings.js';
import { MESSAGES } from '../multi-gpu-model/plans/findings.js';
import { leavesWrap, migratesWrap } from '../multi-gpu-model/staying-wraps.js';
import { manifestsOf } from '../project/project-files.js';
import { isInstalled } from '../project/project-root.js';
import { type DefinitionName, referencesTo } from '../project/references.js';
import { REFUSALS } from '../refusal-messages-table.js';
import { childByField, type PyNode } from '../syntax/node.js';

import { callbackClassEdits } from './callback-classes.js';
import { checkpointPeriods } from './checkpoint-periods.js';
import { companionImports } from './companions.js';
import { importsKeras, mayMove, namesTensorflowKeras } from './imports-keras.js';
import { renameAccuracy } from './metric-names.js';
import { renameKeywords } from './old-keywords/rename-keywords.js';
import { lostOptimizerArguments, namedOptimizers, rewriteOptimizers } from './optimizers/optimizer-calls.js';
import { setsLearningRate } from './optimizers/sets-learning-rate.js';
import { lostAttributes } from './rewrite-attributes.js';
import { importFindings, type RefusedImport, rewriteImports } from './rewrite-imports.js';
import { namesBehindStars } from './star-names.js';
import { declaredTarget } from './target.js';

const NOTHING: Plan = { changes: [], findings: [] };
const NAME = 'multi_gpu_model';
const STRATEGY = 'MirroredStrategy';
const CHECKPOINT_PERIOD =
  'this is the period of ModelCheckpoint; TensorFlow’s Keras takes it for save_freq, where 1 means after every batch, ' +
  'and Keras 3 has no period: leave it out to save after every epoch';

/** Creates the migration; `planOf` plans the wraps of a file. */
export function kerasImports(projects: PythonProjects, planOf: PlanInProject): Migration<PythonSource> {
  /** What had no counterpart when an earlier run moved the package: it is refused as long as it is there. */
  function leftByEarlierRun(source: PythonSource, context: MigrationContext): Plan {
    if (!namesTensorflowKeras(source.text)) return NOTHING;
    const project = projects.of(context);
    const isMoved = source.text.includes(STRATEGY) || (project !== undefined && hasStrategy(context, project));
    const isMoving = (): boolean =>
      (source.text.includes(NAME) && migratesWrap(planOf(source, context))) ||
      (project !== undefined && packageMoves(planOf, context, project));
    if (!isMoved && !isMoving()) return NOTHING;
    const module = projects.module(source);
    const rewrite = rewriteImports(module, NAME);
    if (rewrite.edits.length > 0) return NOTHING;
    const optimizers = lostOptimizerArguments(module).map((node) => lostArgument(module, node));
    const attributes = lostAttributes(module).map((node) => ({
      node,
      refusal: REFUSALS.noCounterpart(module.source.textOf(node)),
    }));
    const refused = [...rewrite.refused, ...(rewrite.refused.length > 0 ? attributes : []), ...optimizers];
    return {
      changes: [],
      findings: importFindings(module, pythonKerasImportsInfo.name, { ...rewrite, refused }).refused,
    };
  }

  return {
    ...pythonKerasImportsInfo,
    plan(source, context) {
      if (!mayMove(source.text)) return NOTHING;
      const project = projects.of(context);
      if (targetOf(context, project) === 'keras3') return NOTHING;
      if (!importsKeras(source.text)) return leftByEarlierRun(source, context);
      const wraps = source.text.includes(NAME);
      const moves = project !== undefined && packageMoves(planOf, context, project);
      // A file that neither wraps nor belongs to a package that moves is not parsed.
      if (!wraps && !moves) return leftByEarlierRun(source, context);
      const own = planOf(source, context);
      if (!migratesWrap(own) && (!moves || leavesWrap(own))) return leftByEarlierRun(source, context);
      const module = projects.module(source);
      const rewrite = rewriteImports(
        module,
        leavesWrap(own) ? NAME : undefined,
        namesBehindStars(module, (statement, name) => isBoundByStar(project, module, statement, name)),
      );
      const renames = [...renameKeywords(module), ...renameAccuracy(project, module)];
      const optimizers = rewriteOptimizers(module, () => !setsLearningRate(project, module));
      const { rewritten, refused } = importFindings(module, pythonKerasImportsInfo.name, {
        ...rewrite,
        refused: [...rewrite.refused, ...optimizers.lost.map((node) => lostArgument(module, node))],
      });
      if (rewrite.edits.length === 0) return { changes: [], findings: refused };
      // A file that wraps replaces its own callback classes, or refuses.
      const callbacks = wraps
        ? []
        : callbackClassEdits(module, (name, parameters) =>
            mayPassPeriod(project, { path: source.path, name }, parameters),
          );
      const edits = [...rewrite.edits, ...callbacks, ...optimizers.edits, ...renames].sort(
        (a, b) => a.start - b.start || a.end - b.end,
      );
      const consequences = consequencesOf(module, [...own.changes.flatMap((change) => change.edits), ...callbacks]);
      return { changes: [{ findings: rewritten, consequences, edits, safety: 'suggestion' }], findings: refused };
    },
  };
}

/** Whether the star import of a module of the project binds a name; undefined when that module is not in view. */
function isBoundByStar(
  project: PythonProject | undefined,
  module: PythonModule,
  statement: PyNode,
  name: string,
): boolean | undefined {
  const home = project?.imported(module, moduleOf(module.source, statement));
  if (home === undefined) return undefined;
  if (home.scopes.module.bindings.has(name)) return true;
  return home.scopes.starImports.length > 0 ? undefined : false;
}

/** An argument of an optimizer that cannot be written for TensorFlow's Keras. */
function lostArgument(module: PythonModule, node: PyNode): RefusedImport {
  return { node, refusal: REFUSALS.optimizerArgument(module.source.textOf(node)) };
}

/** What does not move together with the imports, or means something else then. */
function consequencesOf(module: PythonModule, edits: readonly TextEdit[]): Finding[] {
  const { source } = module;
  const isRemoved = (node: PyNode): boolean =>
    edits.some(({ start, end, text }) => text === '' && start <= node.start && node.end <= end);
  const reports = [
    ...companionImports(module),
    ...namedOptimizers(module),
    // A file that wraps reports these with its wraps.
    ...(module.source.text.includes(NAME)
      ? []
      : refusedFileEndings(module).map(({ node, needed }) => ({ node, message: MESSAGES.fileEnding(needed) }))),
    ...checkpointPeriods(module).map((node) => ({ node, message: CHECKPOINT_PERIOD })),
  ];
  return reports
    .filter(({ node }) => !isRemoved(node))
    .map(({ node, message }) => ({
      migration: pythonKerasImportsInfo.name,
      api: 'import keras',
      start: source.position(node.start),
      end: source.position(node.end),
      disposition: 'report',
      message,
    }));
}

/** Whether a call of a checkpoint class may set the period: every call has to be in view, and leave it out. */
function mayPassPeriod(project: PythonProject | undefined, definition: DefinitionName, parameters: number): boolean {
  const home = project?.module(definition.path);
  if (project === undefined || home === undefined) return true;
  const own = home.scopes.module.bindings.get(definition.name)?.reads ?? [];
  const uses = [...own.map((node) => ({ module: home, node })), ...referencesTo(project, definition)];
  return uses.some(({ module, node }) => {
    const call = node.field === 'function' && node.parent?.type === 'call' ? node.parent : undefined;
    // `super(Name, self)` is no construction.
    if (call === undefined) return !/^super$/.test(calleeOf(module, node));
    const { positional, keywords, spread } = callArguments(module.source, call);
    return spread || keywords.has('period') || positional.length > parameters;
  });
}

/** The function that receives a node as an argument, as written. */
function calleeOf({ source }: PythonModule, { parent }: PyNode): string {
  const call = parent?.type === 'argument_list' ? parent.parent : undefined;
  const callee = call === undefined ? undefined : childByField(call, 'function');
  return callee === undefined ? '' : source.textOf(callee);
}

/** Whether a file that shares modules with a file, or its program, has a strategy. */
function hasStrategy({ absolutePath = '' }: MigrationContext, project: PythonProject): boolean {
  if (isInstalled(project.root)) return false;
  const paths = project.filesMentioning(STRATEGY);
  // What files share is found out last, because it takes reading them all.
  return (
    paths.some((path) => project.programOf(path) === project.programOf(absolutePath)) ||
    paths.some((path) => project.index.connectedTo(absolutePath).has(path))
  );
}

function targetOf(
  { kerasTarget, files }: MigrationContext,
  project: PythonProject | undefined,
): Exclude<KerasTarget, 'auto'> {
  if (kerasTarget !== 'auto') return kerasTarget;
  return declaredTarget(files === undefined || project === undefined ? [] : manifestsOf(files, project.root));
}

/**
 * Whether a wrap is migrated in a file that shares modules with a file, or anywhere in its program, where then no wrap
 * may stay.
 */
function packageMoves(planOf: PlanInProject, context: MigrationContext, project: PythonProject): boolean {
  const { absolutePath = '' } = context;
  if (isInstalled(project.root) || project.filesMentioning(NAME).length === 0) return false;
  const program = project.programOf(absolutePath);
  const connected = project.index.connectedTo(absolutePath);
  const plans = project.filesMentioning(NAME).flatMap((path) => {
    const isInProgram = project.programOf(path) === program;
    if (!isInProgram && !connected.has(path)) return [];
    const module = path.endsWith('.py') ? project.module(path) : undefined;
    if (module === undefined) return [];
    const plan = planOf(module.source, { ...context, absolutePath: path });
    return [{ isConnected: connected.has(path), migrates: migratesWrap(plan), stays: leavesWrap(plan) }];
  });
  return (
    plans.some(({ isConnected, migrates }) => isConnected && migrates) ||
    (plans.some(({ migrates }) => migrates) && !plans.some(({ stays }) => stays))
  );
}
