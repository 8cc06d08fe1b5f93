/**
 * The tree that ESLint has parsed, as the migrations take it, and what they found in it. Rules that
 * ask for the same migration share one run.
 */
import type { Migration, MigrationContext, MigrationInfo } from '../codemods/migration.js';
import type { Plan } from '../codemods/result.js';
import type { SharedOptions } from './shared-options.js';
import type { Rule, SourceCode } from 'eslint';

import { resolve } from 'node:path';

import { fromParsed, type JavaScriptSource } from '../codemods/js/syntax/parse.js';
import { textCondition } from '../codemods/needle-condition.js';

import { readOnlyFiles } from './project-files.js';

/**
 * Holds what was computed for a tree as long as ESLint holds the tree. It is no state of the
 * plugin: a result depends on the tree and its key alone, and is the same whoever asks first.
 */
const computed = new WeakMap<SourceCode['ast'], Map<string, unknown>>();

/** What `compute` makes of this file, computed once for each key. */
export function oncePerFile<Value>(
  context: Rule.RuleContext,
  key: string,
  compute: (source: JavaScriptSource) => Value,
): Value {
  const { ast } = context.sourceCode;
  let values = computed.get(ast);
  if (values === undefined) computed.set(ast, (values = new Map()));
  if (!values.has(key))
    values.set(
      key,
      withTypedRoot(context.sourceCode, () => compute(lintSource(context))),
    );
  return values.get(key) as Value;
}

/** ESLint's tree and scopes as a source for migrations. */
function lintSource({ filename, sourceCode }: Rule.RuleContext): JavaScriptSource {
  const { text, ast, scopeManager, visitorKeys } = sourceCode;
  return fromParsed({ path: filename, text, ast, scopeManager, visitorKeys });
}

/**
 * ESLint sets `parent` of the root to `null`, but the types that the migrations are written
 * against have `undefined` there. The tree is ESLint's, so it gets back what it had.
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

/** What a migration may know in an editor: the file's place, and the files around it. */
function migrationContext(
  context: Rule.RuleContext,
  { modules, followImports }: Pick<Required<SharedOptions>, 'modules' | 'followImports'>,
): MigrationContext {
  const { cwd, physicalFilename } = context;
  // ESLint calls text without a file `<input>` or `<text>`.
  const absolutePath = physicalFilename.startsWith('<') ? undefined : resolve(cwd, physicalFilename);
  const files = followImports && absolutePath !== undefined ? readOnlyFiles() : undefined;
  return { modules, absolutePath, root: cwd, files, acrossFiles: false };
}

/** A migration as the rules need it. */
type Planner = Pick<Migration<JavaScriptSource>, 'name' | 'acrossFiles' | 'plan'>;

/** Runs a migration over the file, unless another rule has done so with the same options. */
export function planOf(context: Rule.RuleContext, migration: Planner, options: Required<SharedOptions>): Plan {
  return oncePerFile(context, JSON.stringify([migration.name, options]), (source) => {
    const around = migrationContext(context, options);
    const alone = migration.plan(source, around);
    const mayGoFurther =
      migration.acrossFiles === true &&
      around.files !== undefined &&
      alone.findings.some(({ reason }) => reason !== undefined);
    return mayGoFurther ? withWideChanges(alone, migration.plan(source, { ...around, acrossFiles: true })) : alone;
  });
}

/** Like `migrate`: what the file's own plan refuses may be changed together with other files. */
function withWideChanges(alone: Plan, across: Plan): Plan {
  const wide = across.changes.filter(({ otherFiles }) => otherFiles !== undefined && otherFiles.size > 0);
  const places = new Set(wide.flatMap(({ findings }) => findings.map(({ start }) => start.offset)));
  return {
    ...alone,
    changes: [...alone.changes, ...wide],
    findings: alone.findings.filter(({ start }) => !places.has(start.offset)),
  };
}

/** Whether a file can hold anything for a migration; decided by its text, before anything is computed. */
export function mayConcern(context: Rule.RuleContext, { needles }: Pick<MigrationInfo, 'needles'>): boolean {
  return textCondition(needles)(context.sourceCode.text);
}
