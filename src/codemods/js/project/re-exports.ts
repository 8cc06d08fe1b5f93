/**
 * Follows an import of a local module to the package that its value comes from, through barrels, renaming
 * re-exports, aliases and CommonJS `exports`. Reads files through `SourceFiles`, and parses only those that may
 * contain the name.
 */
import type { SourceFiles } from '../../migration.js';
import type { Origin, OriginQuery, Origins } from '../origins/origin.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { findOrigins } from '../origins/find-origins.js';
import { type JavaScriptSource, parseJavaScript } from '../syntax/parse.js';
import { isInside, keyName, memberName, moduleExportName, type Node } from '../syntax/syntax-tree.js';

import { ModuleResolver } from './resolve-module.js';

/** How many re-exports to follow in a row; deeper than real barrels, and a limit for circular ones. */
const MAX_DEPTH = 8;

/** Matches a file that may re-export names without writing them. */
const RE_EXPORTS_ALL = /\bexport\s*\*|\bmodule\.exports\s*=[^;\n]*\brequire\b/;

/** Which modules the search ends at. */
export interface ReExportQuery {
  readonly isModule: (specifier: string) => boolean;
  /** Files without any of these strings and without `export *` are not parsed. */
  readonly needles: readonly string[];
}

/** A parsed file of the project. */
interface ParsedFile {
  readonly source: JavaScriptSource;
  readonly origins: Origins;
}

/** Follows re-exports for one run, and parses each file once. */
export class ReExportFollower {
  readonly #files: SourceFiles;
  readonly #query: ReExportQuery;
  readonly #resolver: ModuleResolver;
  readonly #parsed = new Map<string, ParsedFile | undefined>();
  /** The exports that are being followed, so that circular re-exports end. */
  readonly #inProgress = new Set<string>();

  constructor(files: SourceFiles, query: ReExportQuery) {
    this.#files = files;
    this.#query = query;
    this.#resolver = new ModuleResolver(files);
  }

  /** Makes the `redirect` function of an origin query for one file. */
  redirectFrom(fromFile: string): NonNullable<OriginQuery['redirect']> {
    return ({ module, path }) => {
      const [name, ...rest] = path;
      if (name === undefined) return undefined;
      const file = this.#resolver.resolve(module, fromFile);
      const found = file === undefined ? undefined : this.#exported(file, name);
      return found === undefined ? undefined : { module: found.module, path: [...found.path, ...rest] };
    };
  }

  /** The origin of an export of a file, if it comes from a module of interest. */
  #exported(file: string, name: string): Origin | undefined {
    const key = `${file}\0${name}`;
    if (this.#inProgress.has(key) || this.#inProgress.size >= MAX_DEPTH) return undefined;
    this.#inProgress.add(key);
    try {
      const parsed = this.#parse(file);
      const found = parsed === undefined ? undefined : this.#lookUp(parsed, name);
      return found !== undefined && this.#query.isModule(found.module) ? found : undefined;
    } finally {
      this.#inProgress.delete(key);
    }
  }

  #parse(file: string): ParsedFile | undefined {
    if (this.#parsed.has(file)) return this.#parsed.get(file);
    const text = this.#files.read(file)?.replace(/^\uFEFF/, '');
    this.#parsed.set(file, undefined);
    const mayContain =
      text !== undefined && (RE_EXPORTS_ALL.test(text) || this.#query.needles.some((needle) => text.includes(needle)));
    if (!mayContain) return undefined;
    try {
      const source = parseJavaScript(file, text);
      const origins = findOrigins(source, {
        isModule: this.#query.isModule,
        redirect: this.redirectFrom(file),
      });
      this.#parsed.set(file, { source, origins });
    } catch {
      // The run reports a syntax error when it migrates that file.
    }
    return this.#parsed.get(file);
  }

  #lookUp({ source, origins }: ParsedFile, name: string): Origin | undefined {
    const named = origins.reExports.find(({ exported }) => exported === name);
    if (named !== undefined) return named.origin;
    for (const statement of source.ast.body) {
      const found = exportedBy(statement, name, origins);
      if (found !== undefined) return found;
    }
    if (name === 'default') return undefined;
    const star = origins.reExports.find(({ exported }) => exported === '*');
    if (star !== undefined) return { module: star.origin.module, path: [...star.origin.path, name] };
    for (const statement of source.ast.body) {
      if (statement.type !== AST_NODE_TYPES.ExportAllDeclaration || statement.exported !== null) continue;
      const file = this.#resolver.resolve(statement.source.value, source.path);
      const found = file === undefined ? undefined : this.#exported(file, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The origin of the value that a statement exports under a name. */
function exportedBy(statement: TSESTree.Statement, name: string, origins: Origins): Origin | undefined {
  switch (statement.type) {
    case AST_NODE_TYPES.ExportNamedDeclaration: {
      const specifier =
        statement.source === null
          ? statement.specifiers.find(({ exported }) => moduleExportName(exported) === name)
          : undefined;
      if (specifier !== undefined) return origins.originOf(specifier.local);
      if (statement.declaration?.type !== AST_NODE_TYPES.VariableDeclaration) return undefined;
      return origins.bindings.find(({ identifier, node }) => identifier.name === name && isInside(node, statement))
        ?.origin;
    }
    case AST_NODE_TYPES.ExportDefaultDeclaration:
      return name === 'default' ? origins.originOf(statement.declaration) : undefined;
    case AST_NODE_TYPES.ExpressionStatement:
      return commonJsExport(statement.expression, name, origins);
    default:
      return undefined;
  }
}

/** `exports.name = …`, `module.exports.name = …`, `module.exports = { name }`, `module.exports = require('m')`. */
function commonJsExport(expression: Node, name: string, origins: Origins): Origin | undefined {
  if (
    expression.type !== AST_NODE_TYPES.AssignmentExpression ||
    expression.left.type !== AST_NODE_TYPES.MemberExpression
  )
    return undefined;
  const { left, right } = expression;
  const object = nameOf(left.object);
  const member = memberName(left);
  if (object === 'exports' || object === 'module.exports') return member === name ? origins.originOf(right) : undefined;
  if (object !== 'module' || member !== 'exports') return undefined;
  if (right.type === AST_NODE_TYPES.ObjectExpression) {
    for (const property of right.properties) {
      if (property.type === AST_NODE_TYPES.Property && keyName(property) === name)
        return origins.originOf(property.value);
    }
    return undefined;
  }
  const whole = origins.originOf(right);
  return whole === undefined ? undefined : { module: whole.module, path: [...whole.path, name] };
}

function nameOf(node: Node): string | undefined {
  if (node.type === AST_NODE_TYPES.Identifier) return node.name;
  if (node.type !== AST_NODE_TYPES.MemberExpression) return undefined;
  const object = nameOf(node.object);
  const member = memberName(node);
  return object === undefined || member === undefined ? undefined : `${object}.${member}`;
}
