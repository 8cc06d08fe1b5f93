/** The migration from Keras' `multi_gpu_model` to the scope of a `tf.distribute` strategy. Pure. */
import type { WrittenApi } from '../../../catalogue/strategy-versions-table.js';
import type { Migration, MigrationContext } from '../../migration.js';
import type { StrategyTarget } from '../../options.js';
import type { Change, Plan } from '../../result.js';
import type { PythonProject } from '../project/python-project.js';
import type { PythonProjects } from '../project/python-projects.js';
import type { PythonSource } from '../syntax/source.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { applyEdits } from '../../edits/apply-edits.js';
import { withNewlinesOf } from '../../edits/newlines.js';
import { pythonMultiGpuModelInfo } from '../info.js';
import { withVersionWarnings } from '../requirements/version-findings.js';
import { withSyntaxFindings } from '../syntax-findings.js';
import { newFault } from '../well-formed.js';

import { withStartReport } from './plans/multi-worker-consequences.js';
import { mayHaveWrap, namesWrapper } from './prefilter.js';
import { withWrapsKeptByComments } from './staying-by-decision.js';
import { ProjectPlans } from './uses/project-plans.js';
import { withSharedWeights } from './uses/shared-weights.js';

/** Plans a file, together with the plans of its project. */
export type PlanInProject = (source: PythonSource, context: MigrationContext) => Plan;

/** Creates the planner of both migrations that depend on the plans: each file of a run is planned once. */
export function planInProject(projects: PythonProjects): PlanInProject {
  const plans = new WeakMap<PythonProject, Map<StrategyTarget, ProjectPlans>>();
  return (source, context) => {
    const project = projects.of(context) ?? projects.alone(context);
    const { strategy } = context;
    const ofProject = plans.get(project) ?? new Map<StrategyTarget, ProjectPlans>();
    plans.set(project, ofProject);
    const known = ofProject.get(strategy) ?? new ProjectPlans(project, strategy);
    ofProject.set(strategy, known);
    return known.plan(projects.module(source));
  };
}

/** Creates the migration. */
export function multiGpuModel(projects: PythonProjects, planOf: PlanInProject): Migration<PythonSource> {
  return {
    ...pythonMultiGpuModelInfo,
    plan(source, context) {
      if (!mayNeedMigration(source, context)) return { changes: [], findings: [] };
      const project = projects.of(context);
      const own = planOf(source, context);
      const plan =
        project === undefined
          ? own
          : withSharedWeights(project, projects.module(source), own, (other) =>
              withWrapsKeptByComments(
                other.source,
                planOf(other.source, { ...context, absolutePath: other.source.path }),
              ),
            );
      const migrated = assertWellFormed(source, plan, (text) => projects.source(context, source.path, text));
      const ordered =
        context.strategy === 'multi-worker' && migrated !== undefined
          ? withStartReport(plan.changes, projects.module(migrated))
          : plan.changes;
      const changes = withVersionWarnings(ordered, source, context, strategyWrittenBy);
      return withSyntaxFindings(pythonMultiGpuModelInfo.name, source, { ...plan, changes });
    },
  };
}

function strategyWrittenBy({ edits }: Change): WrittenApi | undefined {
  const writes = (name: string): boolean => edits.some(({ text }) => text.includes(`.${name}(`));
  if (writes('MultiWorkerMirroredStrategy')) return 'tf.distribute.MultiWorkerMirroredStrategy';
  return writes('MirroredStrategy') ? 'tf.distribute.MirroredStrategy' : undefined;
}

/** Whether to parse a text. A file without a project has to name a wrapper itself. */
function mayNeedMigration(source: PythonSource, { files, absolutePath }: MigrationContext): boolean {
  return files === undefined
    ? namesWrapper(source.text)
    : mayHaveWrap({ text: source.text, code: () => source.code, absolutePath });
}

/**
 * The source after the changes; undefined when there are none.
 *
 * @throws {MirrorscopeError} `INTERNAL` when the edits would break the file; `SYNTAX` when it is broken already.
 */
function assertWellFormed(
  source: PythonSource,
  { changes }: Plan,
  parse: (text: string) => PythonSource,
): PythonSource | undefined {
  if (changes.length === 0) return undefined;
  const text = applyEdits(
    source.text,
    withNewlinesOf(
      source.text,
      changes.flatMap(({ edits }) => edits),
    ),
  );
  const migrated = parse(text);
  const fault = newFault(source, migrated);
  if (fault === undefined) return migrated;
  const [error] = source.syntaxErrors();
  // What the grammar makes of a text with errors depends on the code around them.
  if (error !== undefined)
    throw new MirrorscopeError(
      ErrorCode.Syntax,
      `line ${source.lineAt(error.start) + 1} is neither Python 2 nor Python 3, so nothing here can be migrated.`,
    );
  throw new MirrorscopeError(
    ErrorCode.Internal,
    `The rewritten file would not be valid Python: ${fault}. It stays as it is.`,
  );
}
