/**
 * Follows an import of a local module to the package that it takes the value from: barrels,
 * renaming re-exports, aliases, CommonJS `exports`. Parses only files that may hold the name.
 */
import type { SourceFiles } from '../../migration.js';
import type { Origin, OriginQuery, Origins } from '../origins/origin.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { findOrigins } from '../origins/find-origins.js';
import { type JavaScriptSource, parseJavaScript } from '../syntax/parse.js';
import { keyName, memberName, moduleExportName, type Node } from '../syntax/syntax-tree.js';

import { ModuleResolver } from './resolve-module.js';

/** Barrels of barrels; more than anybody writes, and an end to circles. */
const DEEPEST = 8;

/** A file that hands on names which it does not spell. */
const HANDS_ON_ALL = /\bexport\s*\*|\bmodule\.exports\s*=[^;\n]*\brequire\b/;

/** What to follow, and for whom. */
export interface ReExportQuery {
  isModule(specifier: string): boolean;
  /** A file without any of these strings, and without `export *`, is not parsed. */
  readonly needles: readonly string[];
}

interface Exports {
  readonly source: JavaScriptSource;
  readonly origins: Origins;
}

export class ReExportFollower {
  readonly #files: SourceFiles;
  readonly #query: ReExportQuery;
  readonly #resolver: ModuleResolver;
  readonly #parsed = new Map<string, Exports | undefined>();
  readonly #open = new Set<string>();

  constructor(files: SourceFiles, query: ReExportQuery) {
    this.#files = files;
    this.#query = query;
    this.#resolver = new ModuleResolver(files);
  }

  /** The `redirect` of an origin query for one file. */
  redirectFrom(fromFile: string): NonNullable<OriginQuery['redirect']> {
    return ({ module, path }) => {
      const [name, ...rest] = path;
      if (name === undefined) return undefined;
      const file = this.#resolver.resolve(module, fromFile);
      const found = file === undefined ? undefined : this.#exported(file, name);
      return found === undefined ? undefined : { module: found.module, path: [...found.path, ...rest] };
    };
  }

  /** Where an export of a file comes from, if from a module of interest. */
  #exported(file: string, name: string): Origin | undefined {
    const key = `${file}\0${name}`;
    if (this.#open.has(key) || this.#open.size >= DEEPEST) return undefined;
    this.#open.add(key);
    try {
      const exports = this.#exportsOf(file);
      const found = exports === undefined ? undefined : this.#lookUp(exports, name);
      return found !== undefined && this.#query.isModule(found.module) ? found : undefined;
    } finally {
      this.#open.delete(key);
    }
  }

  #exportsOf(file: string): Exports | undefined {
    if (this.#parsed.has(file)) return this.#parsed.get(file);
    const text = this.#files.read(file)?.replace(/^\uFEFF/, '');
    this.#parsed.set(file, undefined);
    const mayHold =
      text !== undefined && (HANDS_ON_ALL.test(text) || this.#query.needles.some((needle) => text.includes(needle)));
    if (!mayHold) return undefined;
    try {
      const source = parseJavaScript(file, text);
      const origins = findOrigins(source, {
        isModule: (specifier) => this.#query.isModule(specifier),
        redirect: this.redirectFrom(file),
      });
      this.#parsed.set(file, { source, origins });
    } catch {
      // A file that does not parse is reported when its own turn comes.
    }
    return this.#parsed.get(file);
  }

  #lookUp({ source, origins }: Exports, name: string): Origin | undefined {
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

/** The origin of what one statement exports under a name. */
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

function isInside(node: Node, outer: Node): boolean {
  return outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];
}
