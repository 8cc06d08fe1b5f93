/** Finds and fixes legacy modules: renamed packages, bundles, deep imports, and tfjs-node next to tfjs. Pure. */
import type { Fix } from '../../../catalogue/catalogue-entry.js';
import type { TextEdit } from '../../result.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { FileView } from './site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { NODE_MODULES } from '../../../catalogue/module-groups.js';
import { RefusalReason } from '../../refusal-reason.js';
import { type Binding, memberPath, type ModuleSource, type OriginReference } from '../origins/origin.js';

import { type EntryBy, moduleEntries } from './legacy-index.js';
import { statementRemoval } from './text-removal.js';

/** Code that loads a module with a catalogue entry. */
export interface ModuleUse {
  readonly entry: EntryBy<'module'>;
  readonly source: ModuleSource;
}

/**
 * How the uses of exports were rewritten. A module can be replaced only if the new module has everything that remains.
 */
export interface RewrittenExports {
  /** The path of a use after the rewrite. */
  pathOf(reference: OriginReference): readonly string[];
  /** Whether the rewrite replaces the imported name. */
  isReplaced(binding: Binding): boolean;
}

export function findModuleUses({ origins, modules }: FileView): ModuleUse[] {
  return origins.sources.flatMap((source) =>
    moduleEntries(source.module)
      .filter(({ match }) => match.sideEffect !== true || effectStatement(source) !== undefined)
      .filter(({ match }) => match.besideImportOf?.some((module) => modules.has(module)) ?? true)
      // The first entry is the most specific: it also depends on another module of the file.
      .slice(0, 1)
      .map((entry) => ({ entry, source })),
  );
}

/** A use of an export that the new module lacks. */
export interface Obstacle {
  /** The name of the export; the whole module is `*`. */
  readonly name: string;
  readonly node: Node;
}

/** The edits of a module's fix, or why the module is left as it is. */
export function moduleEdits(
  file: FileView,
  { source }: ModuleUse,
  fix: Fix,
  rewritten: RewrittenExports,
): TextEdit[] | RefusalReason | Obstacle {
  switch (fix.kind) {
    case 'replace-module': {
      const obstacle =
        fix.exports === undefined ? undefined : exportObstacle(file, source.module, new Set(fix.exports), rewritten);
      return obstacle ?? [specifierEdit(file, source, fix.to)];
    }
    case 'merge-node-import':
      return mergeEdits(file, source);
    default:
      return RefusalReason.ConditionNotProved;
  }
}

/** The first use of an export that the new module lacks. */
function exportObstacle(
  { origins }: FileView,
  module: string,
  exports: ReadonlySet<string>,
  rewritten: RewrittenExports,
): Obstacle | undefined {
  const isExported = ([name]: readonly string[]): boolean => name !== undefined && exports.has(name);
  const obstacle = (node: Node, path: readonly string[]): Obstacle => ({ name: path.join('.') || '*', node });
  for (const reference of origins.references) {
    if (reference.origin.module !== module) continue;
    const path = rewritten.pathOf(reference);
    if (path.length === 0 ? !isBoundOrUnused(reference) : !isExported(path)) return obstacle(reference.node, path);
  }
  for (const binding of origins.bindings) {
    if (binding.origin.module !== module || rewritten.isReplaced(binding)) continue;
    const path = memberPath(binding.origin.path);
    const isUsed = origins.references.some((reference) => reference.binding === binding);
    if (path.length > 0 && !isUsed && !isExported(path)) return obstacle(binding.node, path);
  }
  const missing = origins.reExports.find(
    ({ origin }) => origin.module === module && !isExported(memberPath(origin.path)),
  );
  return missing && obstacle(missing.node, memberPath(missing.origin.path));
}

/** Whether the module itself is assigned to a name or a pattern, whose uses are separate references, or is not used. */
function isBoundOrUnused({ outermost }: OriginReference): boolean {
  const { parent } = outermost;
  if (parent?.type === AST_NODE_TYPES.VariableDeclarator) return true;
  return parent?.type === AST_NODE_TYPES.ExpressionStatement;
}

function mergeEdits(file: FileView, source: ModuleSource): TextEdit[] | RefusalReason {
  const { origins } = file;
  const plain = origins.sources.filter(({ module }) => module === '@tensorflow/tfjs');
  const native = origins.sources.filter(({ module }) => NODE_MODULES.includes(module) || module === source.module);
  const statement = effectStatement(source);
  const isAlways =
    statement?.parent?.type === AST_NODE_TYPES.Program &&
    plain.length > 0 &&
    plain.every(({ node }) => isTopLevelLoad(node));
  if (statement === undefined || native.length > 1 || !isAlways) return RefusalReason.ConditionNotProved;
  // The package `tfjs-node` is now `@tensorflow/tfjs-node`.
  const scoped = NODE_MODULES.includes(source.module) ? source.module : `@tensorflow/${source.module}`;
  return [...statementRemoval(file.source.text, statement), ...plain.map((each) => specifierEdit(file, each, scoped))];
}

/** The statement that loads a module only for its side effects. */
function effectStatement({ node }: ModuleSource): Node | undefined {
  if (node.type === AST_NODE_TYPES.ImportDeclaration) return node.specifiers.length === 0 ? node : undefined;
  return node.type === AST_NODE_TYPES.CallExpression && node.parent.type === AST_NODE_TYPES.ExpressionStatement
    ? node.parent
    : undefined;
}

/** Whether this is an `import … from` of values, or a `const … = require(…)`, that always runs. */
function isTopLevelLoad(node: Node): boolean {
  if (node.type === AST_NODE_TYPES.ImportDeclaration) return node.importKind !== 'type' && node.specifiers.length > 0;
  if (node.type !== AST_NODE_TYPES.CallExpression || node.parent.type !== AST_NODE_TYPES.VariableDeclarator)
    return false;
  return node.parent.init === node && node.parent.parent.parent.type === AST_NODE_TYPES.Program;
}

/** Replaces the specifier between its quotes. */
function specifierEdit({ source: { text } }: FileView, { literal }: ModuleSource, to: string): TextEdit {
  const quote = text.charAt(literal.range[0]);
  return { start: literal.range[0], end: literal.range[1], text: quote + to + quote };
}
