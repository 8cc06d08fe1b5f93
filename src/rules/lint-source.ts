/**
 * The tree that ESLint has parsed, as the migrations take it, and what they found in it. Rules that
 * ask for the same migration share one run.
 */
import type { Rule, SourceCode } from 'eslint';

import type { MigrationContext } from '../codemods/migration.js';
import { fromParsed, type JavaScriptSource } from '../codemods/js/parse.js';
import type { Plan } from '../codemods/result.js';
import { readOnlyFiles } from './project-files.js';
import type { SharedOptions } from './shared-options.js';

/**
 * Holds what was computed for a tree as long as ESLint holds the tree. It is no state of the
 * plugin: a result depends on the tree and its key alone, and is the same whoever asks first.
 */
const computed = new WeakMap<SourceCode['ast'], Map<string, unknown>>();

/** The result of `compute` for this file, computed once for each key. */
export function oncePerFile<Value>(sourceCode: SourceCode, key: string, compute: () => Value): Value {
  let values = computed.get(sourceCode.ast);
  if (values === undefined) computed.set(sourceCode.ast, (values = new Map()));
  if (!values.has(key)) values.set(key, compute());
  return values.get(key) as Value;
}

/** ESLint's tree and scopes as a source for migrations. */
export function lintSource(context: Rule.RuleContext): JavaScriptSource {
  const { sourceCode } = context;
  return oncePerFile(sourceCode, 'source', () =>
    fromParsed({
      path: context.filename,
      text: sourceCode.text,
      ast: sourceCode.ast,
      scopeManager: sourceCode.scopeManager,
      visitorKeys: sourceCode.visitorKeys,
    }),
  );
}

/** What a migration may know in an editor: the file's place, and the files around it. */
export function migrationContext(context: Rule.RuleContext, { modules, followImports }: Pick<Required<SharedOptions>, 'modules' | 'followImports'>): MigrationContext {
  const { physicalFilename } = context;
  // ESLint calls text without a file `<input>` or `<text>`.
  const absolutePath = physicalFilename.startsWith('<') ? undefined : physicalFilename;
  const files = followImports && absolutePath !== undefined ? readOnlyFiles() : undefined;
  return { modules, absolutePath, files, acrossFiles: false };
}

/** Runs a migration over the file, unless another rule has done so with the same options. */
export function planOf(
  context: Rule.RuleContext,
  migration: { readonly name: string; plan(source: JavaScriptSource, context: MigrationContext): Plan },
  options: Required<SharedOptions>,
): Plan {
  return oncePerFile(context.sourceCode, JSON.stringify([migration.name, options]), () =>
    migration.plan(lintSource(context), migrationContext(context, options)),
  );
}

/** Whether a file can hold anything for a migration; decided by its text, before anything is computed. */
export function mayConcern(context: Rule.RuleContext, { needles }: { readonly needles: readonly string[] }): boolean {
  return needles.some((needle) => context.sourceCode.text.includes(needle));
}
