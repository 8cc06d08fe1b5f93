/** Runs migrations on the tree that ESLint has parsed. Rules that need the same migration share one run. */
import type { Migration, MigrationContext, MigrationInfo } from '../codemods/migration.js';
import type { Plan } from '../codemods/result.js';
import type { SharedOptions } from './shared-options.js';
import type { Rule, SourceCode } from 'eslint';

import { resolve } from 'node:path';

import { fromParsed, type JavaScriptSource } from '../codemods/js/syntax/parse.js';
import { textCondition } from '../codemods/needle-condition.js';
import { DEFAULT_OPTIONS } from '../codemods/options.js';

import { readOnlyFiles } from './project-files.js';

/** A cache that lasts as long as ESLint keeps the tree. A value depends only on the tree and its key. */
const computed = new WeakMap<SourceCode['ast'], Map<string, unknown>>();

/** Computes a value from the file once per key. */
export function oncePerFile<Value>(
  context: Rule.RuleContext,
  key: string,
  compute: (source: JavaScriptSource) => Value,
): Value {
  const { ast } = context.sourceCode;
  let values = computed.get(ast);
  if (values === undefined) computed.set(ast, (values = new Map<string, unknown>()));
  if (!values.has(key))
    values.set(
      key,
      withTypedRoot(context.sourceCode, () => compute(lintSource(context))),
    );
  return values.get(key) as Value;
}

/** Wraps ESLint's tree and scopes as a source for migrations. */
function lintSource({ filename, sourceCode }: Rule.RuleContext): JavaScriptSource {
  const { text, ast, scopeManager, visitorKeys } = sourceCode;
  return fromParsed({ path: filename, text, ast, scopeManager, visitorKeys });
}

/**
 * Runs `compute` while the root's `parent` is `undefined`, as typescript-eslint's types require. ESLint sets it to
 * `null` and owns the tree, so this restores the old value afterwards.
 */
function withTypedRoot<Value>({ ast }: SourceCode, compute: () => Value): Value {
  const root = ast as { parent?: unknown };
  const { parent } = root;
  root.parent = undefined;
  try {
    return compute();
  } finally {
    root.parent = parent;
  }
}

/** The context of a migration in an editor: the path of the file, and read access to the files around it. */
function migrationContext(
  context: Rule.RuleContext,
  { modules, followImports }: Pick<Required<SharedOptions>, 'modules' | 'followImports'>,
): MigrationContext {
  const { cwd, physicalFilename } = context;
  // ESLint names text that is not in a file `<input>` or `<text>`.
  const absolutePath = physicalFilename.startsWith('<') ? undefined : resolve(cwd, physicalFilename);
  const files = followImports && absolutePath !== undefined ? readOnlyFiles() : undefined;
  return { ...DEFAULT_OPTIONS, modules, absolutePath, root: cwd, files, acrossFiles: false };
}

/** The parts of a migration that rules need. */
type Planner = Pick<Migration<JavaScriptSource>, 'name' | 'acrossFiles' | 'plan'>;

/** Plans a migration of the file, once for all rules with the same options. */
export function planOf(context: Rule.RuleContext, migration: Planner, options: Required<SharedOptions>): Plan {
  return oncePerFile(context, JSON.stringify([migration.name, options]), (source) => {
    const around = migrationContext(context, options);
    const alone = migration.plan(source, around);
    const mayReachFurther =
      migration.acrossFiles === true &&
      around.files !== undefined &&
      alone.findings.some(({ reason }) => reason !== undefined);
    return mayReachFurther ? withWideChanges(alone, migration.plan(source, { ...around, acrossFiles: true })) : alone;
  });
}

/** Replaces refusals by changes across files where there are some. `migrate` does the same. */
function withWideChanges(alone: Plan, across: Plan): Plan {
  const wide = across.changes.filter(({ otherFiles }) => otherFiles !== undefined && otherFiles.size > 0);
  const places = new Set(wide.flatMap(({ findings }) => findings.map(({ start }) => start.offset)));
  return {
    ...alone,
    changes: [...alone.changes, ...wide],
    findings: alone.findings.filter(({ start }) => !places.has(start.offset)),
  };
}

/** Whether the text contains a string that the migration looks for. A cheap test before anything is computed. */
export function matchesNeedles(context: Rule.RuleContext, { needles }: Pick<MigrationInfo, 'needles'>): boolean {
  return textCondition(needles)(context.sourceCode.text);
}
