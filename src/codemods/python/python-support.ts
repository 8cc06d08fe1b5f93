/** Puts the Python migrations together around one parser. Pure. */
import type { LanguageSupport } from '../migration.js';
import type { PythonProjects } from './project/python-projects.js';
import type { PythonSource } from './syntax/source.js';

import { commentedPython } from './commented.js';
import { kerasImports } from './keras-imports/index.js';
import { LEGACY_API_MIGRATIONS } from './legacy-apis/migrations.js';
import { legacyApiMigration } from './legacy-apis/plan.js';
import { markPython } from './mark.js';
import { multiGpuModel, type PlanInProject, planInProject } from './multi-gpu-model/index.js';
import { withWrapsKeptByComments } from './multi-gpu-model/staying-by-decision.js';
import { suppressionsInPython } from './suppressions.js';

/**
 * Makes the support of the language for the engine.
 *
 * @param projects - The trees and projects that the migrations share.
 * @returns The parser and the migrations.
 */
export function pythonSupport(projects: PythonProjects): LanguageSupport<PythonSource> {
  const planOf = planInProject(projects);
  const planAsDecided: PlanInProject = (source, context) => withWrapsKeptByComments(source, planOf(source, context));
  return {
    language: 'python',
    migrations: [
      ...LEGACY_API_MIGRATIONS.map((migration) => legacyApiMigration(migration, planAsDecided)),
      kerasImports(projects, planAsDecided),
      multiGpuModel(projects, planOf),
    ],
    parse: (path, text, context) => projects.source(context, path, text),
    suppressions: suppressionsInPython,
    commented: commentedPython,
    mark: markPython,
  };
}
