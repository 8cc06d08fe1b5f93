/** The migration from Keras' `multi_gpu_model` to the scope of a `tf.distribute` strategy. Pure. */
import type { Migration, MigrationContext } from '../../migration.js';
import type { Change, Plan } from '../../result.js';
import type { PythonParser } from '../syntax/parser.js';
import type { PythonSource } from '../syntax/source.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { applyEdits } from '../../edits/apply-edits.js';
import { withNewlinesOf } from '../../edits/newlines.js';
import { PythonModule } from '../analysis/module.js';
import { pythonMultiGpuModelInfo } from '../info.js';
import { withVersionWarnings } from '../requirements/version-findings.js';
import { withSyntaxFindings } from '../syntax-findings.js';
import { newFault } from '../well-formed.js';

import { originContext } from './find/origin-context.js';
import { planFile } from './plans/plan-file.js';
import { mayHaveWrap, namesWrapper } from './prefilter.js';
import { projectEnvironment } from './uses/project-environment.js';

/** Creates the migration; the parser reads the other files of the project. */
export function multiGpuModel(parser: PythonParser): Migration<PythonSource> {
  return {
    ...pythonMultiGpuModelInfo,
    plan(source, context) {
      if (!mayNeedMigration(source, context)) return { changes: [], findings: [] };
      const plan = planFile(new PythonModule(source, originContext), projectEnvironment(parser, context));
      assertWellFormed(parser, source, plan);
      const changes = withVersionWarnings(plan.changes, source, context, strategyWrittenBy);
      return withSyntaxFindings(pythonMultiGpuModelInfo.name, source, { ...plan, changes });
    },
  };
}

function strategyWrittenBy({ edits }: Change): 'tf.distribute.MirroredStrategy' | undefined {
  return edits.some(({ text }) => text.includes('.MirroredStrategy(')) ? 'tf.distribute.MirroredStrategy' : undefined;
}

/** Whether to parse a text. A file without a project has to name a wrapper itself. */
function mayNeedMigration(source: PythonSource, { files, absolutePath }: MigrationContext): boolean {
  return files === undefined
    ? namesWrapper(source.text)
    : mayHaveWrap({ text: source.text, code: () => source.code, absolutePath });
}

/** @throws {MirrorscopeError} `INTERNAL` when the edits would break the file. */
function assertWellFormed(parser: PythonParser, source: PythonSource, { changes }: Plan): void {
  if (changes.length === 0) return;
  const text = applyEdits(
    source.text,
    withNewlinesOf(
      source.text,
      changes.flatMap(({ edits }) => edits),
    ),
  );
  const fault = newFault(source, parser.parse(source.path, text));
  if (fault !== undefined)
    throw new MirrorscopeError(
      ErrorCode.Internal,
      `The rewritten ${source.path} would not be valid Python: ${fault}. The file stays as it is.`,
    );
}
