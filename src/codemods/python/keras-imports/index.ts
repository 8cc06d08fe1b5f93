/**
 * The migration of imports of standalone Keras: a package with a migrated `multi_gpu_model` moves to TensorFlow's Keras
 * as a whole, unless it declares Keras 3. Reads files through `SourceFiles`.
 */
import type { Migration, MigrationContext } from '../../migration.js';
import type { Plan } from '../../result.js';
import type { PythonParser } from '../syntax/parser.js';
import type { PythonSource } from '../syntax/source.js';

import { PythonModule } from '../analysis/module.js';
import { pythonKerasImportsInfo } from '../info.js';
import { originContext } from '../multi-gpu-model/find/origin-context.js';
import { planFile } from '../multi-gpu-model/plans/plan-file.js';
import { projectEnvironment } from '../multi-gpu-model/uses/project-environment.js';
import { isInstalled, manifestsOf, projectRoot, pythonFiles } from '../project/project-files.js';

import { importsKeras } from './imports-keras.js';
import { importFindings, rewriteImports } from './rewrite-imports.js';
import { declaredTarget } from './target.js';

const NOTHING: Plan = { changes: [], findings: [] };

/** Creates the migration; the parser reads the other files of the package. */
export function kerasImports(parser: PythonParser): Migration<PythonSource> {
  const moving = new WeakMap<object, Map<string, boolean>>();
  return {
    ...pythonKerasImportsInfo,
    plan(source, context) {
      if (!importsKeras(source.text)) return NOTHING;
      const root = projectRoot(context);
      if (targetOf(context, root) === 'keras3') return NOTHING;
      const wraps = source.text.includes('multi_gpu_model');
      const moves = packageMoves(parser, moving, context, root);
      // A file that neither wraps nor belongs to a package that moves is not parsed.
      if (!wraps && !moves) return NOTHING;
      const module = new PythonModule(source, originContext);
      if (!moves && !hasMigratableWrap(parser, module, context)) return NOTHING;
      const rewrite = rewriteImports(module);
      const { rewritten, refused } = importFindings(module, pythonKerasImportsInfo.name, rewrite);
      if (rewrite.edits.length === 0) return { changes: [], findings: refused };
      return { changes: [{ findings: rewritten, edits: rewrite.edits, safety: 'suggestion' }], findings: refused };
    },
  };
}

function targetOf({ kerasTarget, files }: MigrationContext, root: string | undefined): 'tf-keras' | 'keras3' {
  if (kerasTarget !== 'auto') return kerasTarget;
  return declaredTarget(files === undefined || root === undefined ? [] : manifestsOf(files, root));
}

function hasMigratableWrap(parser: PythonParser, module: PythonModule, context: MigrationContext): boolean {
  if (!module.source.text.includes('multi_gpu_model')) return false;
  return planFile(module, projectEnvironment(parser, context)).changes.length > 0;
}

/** Whether any file of the package has a wrap that is migrated. Looks at each package once. */
function packageMoves(
  parser: PythonParser,
  known: WeakMap<object, Map<string, boolean>>,
  context: MigrationContext,
  root: string | undefined,
): boolean {
  const { files } = context;
  if (files === undefined || root === undefined || isInstalled(root)) return false;
  let roots = known.get(files);
  if (roots === undefined) {
    roots = new Map();
    known.set(files, roots);
  }
  let moves = roots.get(root);
  if (moves === undefined) {
    moves = pythonFiles(files, root).some((path) => {
      if (!path.endsWith('.py')) return false;
      const text = files.read(path);
      if (text === undefined || !text.includes('multi_gpu_model')) return false;
      return hasMigratableWrap(parser, new PythonModule(parser.parse(path, text), originContext), {
        ...context,
        absolutePath: path,
      });
    });
    roots.set(root, moves);
  }
  return moves;
}
