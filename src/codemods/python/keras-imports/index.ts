/**
 * The migration of imports of standalone Keras: a package with a migrated `multi_gpu_model` moves to TensorFlow's Keras
 * as a whole, unless it declares Keras 3. Reads files through `SourceFiles`.
 */
import type { Migration, MigrationContext } from '../../migration.js';
import type { KerasTarget } from '../../options.js';
import type { Plan } from '../../result.js';
import type { PlanInProject } from '../multi-gpu-model/index.js';
import type { PythonProject } from '../project/python-project.js';
import type { PythonProjects } from '../project/python-projects.js';
import type { PythonSource } from '../syntax/source.js';

import { pythonKerasImportsInfo } from '../info.js';
import { manifestsOf } from '../project/project-files.js';
import { isInstalled } from '../project/project-root.js';

import { importsKeras } from './imports-keras.js';
import { importFindings, rewriteImports } from './rewrite-imports.js';
import { declaredTarget } from './target.js';

const NOTHING: Plan = { changes: [], findings: [] };
const NAME = 'multi_gpu_model';

/** Creates the migration; `planOf` plans the wraps of a file. */
export function kerasImports(projects: PythonProjects, planOf: PlanInProject): Migration<PythonSource> {
  return {
    ...pythonKerasImportsInfo,
    plan(source, context) {
      if (!importsKeras(source.text)) return NOTHING;
      const project = projects.of(context);
      if (targetOf(context, project) === 'keras3') return NOTHING;
      const wraps = source.text.includes(NAME);
      const moves = project !== undefined && packageMoves(planOf, context, project);
      // A file that neither wraps nor belongs to a package that moves is not parsed.
      if (!wraps && !moves) return NOTHING;
      if (!moves && planOf(source, context).changes.length === 0) return NOTHING;
      const module = projects.module(source);
      const rewrite = rewriteImports(module);
      const { rewritten, refused } = importFindings(module, pythonKerasImportsInfo.name, rewrite);
      if (rewrite.edits.length === 0) return { changes: [], findings: refused };
      return { changes: [{ findings: rewritten, edits: rewrite.edits, safety: 'suggestion' }], findings: refused };
    },
  };
}

function targetOf(
  { kerasTarget, files }: MigrationContext,
  project: PythonProject | undefined,
): Exclude<KerasTarget, 'auto'> {
  if (kerasTarget !== 'auto') return kerasTarget;
  return declaredTarget(files === undefined || project === undefined ? [] : manifestsOf(files, project.root));
}

/** Whether a wrap is migrated in the program of a file, or in a file that shares modules with it. */
function packageMoves(planOf: PlanInProject, context: MigrationContext, project: PythonProject): boolean {
  const { absolutePath = '' } = context;
  if (isInstalled(project.root)) return false;
  const program = project.programOf(absolutePath);
  return project.filesMentioning(NAME).some((path) => {
    if (project.programOf(path) !== program && !project.index.connectedTo(absolutePath).has(path)) return false;
    const module = path.endsWith('.py') ? project.module(path) : undefined;
    return module !== undefined && planOf(module.source, { ...context, absolutePath: path }).changes.length > 0;
  });
}
