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
import { isFunction, isInside, keyName, memberName, moduleExportName, type Node } from '../syntax/syntax-tree.js';
import { FunctionsInFile } from '../values/functions-in-file.js';

import { forwardedOrigin } from './forwarding-function.js';
import { ModuleResolver } from './resolve-module.js';

/** Matches a file that may re-export names without writing them. */
const RE_EXPORTS_ALL = /\bexport\s*\*|\bmodule\.exports\s*=[^;\n]*\brequire\b/;

/** How many members of an export to follow; a file that exports a member of itself would add one after another. */
const MAX_MEMBERS = 8;

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
  /** The origin of a value, or of the function that it passes its parameters to. */
  readonly originOf: Origins['originOf'];
}

/** An export of a file, and the members that code reads from it. */
interface ExportPath {
  readonly file: string;
  readonly name: string;
  readonly members: readonly string[];
}

/** Follows re-exports for one run. Parses each file once, and looks up each export of it once. */
export class ReExportFollower {
  readonly #files: SourceFiles;
  readonly #query: ReExportQuery;
  readonly #resolver: ModuleResolver;
  readonly #parsed = new Map<string, ParsedFile | undefined>();
  readonly #found = new Map<string, Origin | undefined>();

  constructor(files: SourceFiles, query: ReExportQuery) {
    this.#files = files;
    this.#query = query;
    this.#resolver = new ModuleResolver(files);
  }

  /** Makes the `redirect` function of an origin query for one file. */
  redirectFrom(fromFile: string): NonNullable<OriginQuery['redirect']> {
    return ({ module, path: [name, ...members] }) => {
      const file = name === undefined ? undefined : this.#resolver.resolve(module, fromFile);
      if (file === undefined || name === undefined) return undefined;
      const key = [file, name, ...members].join('\0');
      if (!this.#found.has(key)) this.#found.set(key, this.#follow({ file, name, members }));
      return this.#found.get(key);
    };
  }

  /** Searches from file to file, breadth first. Re-exports may be circular, so it looks at each export once. */
  #follow(start: ExportPath): Origin | undefined {
    const pending: ExportPath[] = [start];
    const seen = new Set<string>();
    for (const each of pending) {
      const key = [each.file, each.name, ...each.members].join('\0');
      if (seen.has(key) || each.members.length > MAX_MEMBERS) continue;
      seen.add(key);
      for (const { module, path } of this.#originsOf(each)) {
        if (this.#query.isModule(module)) return { module, path };
        const [name, ...members] = path;
        const file = name === undefined ? undefined : this.#resolver.resolve(module, each.file);
        // The loop also visits the exports that it adds.
        if (file !== undefined && name !== undefined) pending.push({ file, name, members });
      }
    }
    return undefined;
  }

  /** Where an export of a file may come from: one module, or each module of an `export *`. */
  #originsOf({ file, name, members }: ExportPath): Origin[] {
    const parsed = this.#parse(file);
    if (parsed === undefined) return [];
    const origin = explicitExport(parsed, name);
    if (origin !== undefined) return [{ module: origin.module, path: [...origin.path, ...members] }];
    const [member, ...others] = members;
    // The default export of a CommonJS module is the object of its exports.
    if (name === 'default') return member === undefined ? [] : this.#originsOf({ file, name: member, members: others });
    return parsed.origins.reExports
      .filter(({ exported }) => exported === '*')
      .map(({ origin: { module, path } }) => ({ module, path: [...path, name, ...members] }));
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
      const origins = findOrigins(source, { isModule: () => true });
      const functions = new FunctionsInFile(source, origins.names);
      const originOf = (node: Node): Origin | undefined =>
        origins.originOf(node) ?? forwardedOrigin(node, origins, functions);
      this.#parsed.set(file, { source, origins, originOf });
    } catch {
      // The run reports a syntax error when it migrates that file.
    }
    return this.#parsed.get(file);
  }
}

/** The origin of an export that the file names itself. */
function explicitExport({ source, origins, originOf }: ParsedFile, name: string): Origin | undefined {
  const named = origins.reExports.find(({ exported }) => exported === name);
  if (named !== undefined) return named.origin;
  for (const statement of source.ast.body) {
    const found = exportedBy(statement, name, origins, originOf);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The origin of the value that a statement exports under a name. */
function exportedBy(
  statement: TSESTree.Statement,
  name: string,
  origins: Origins,
  originOf: Origins['originOf'],
): Origin | undefined {
  switch (statement.type) {
    case AST_NODE_TYPES.ExportNamedDeclaration: {
      const specifier =
        statement.source === null
          ? statement.specifiers.find(({ exported }) => moduleExportName(exported) === name)
          : undefined;
      if (specifier !== undefined) return originOf(specifier.local);
      const { declaration } = statement;
      if (declaration?.type === AST_NODE_TYPES.FunctionDeclaration)
        return declaration.id?.name === name ? originOf(declaration) : undefined;
      if (declaration?.type !== AST_NODE_TYPES.VariableDeclaration) return undefined;
      const initializer = declaration.declarations.find(
        ({ id }) => id.type === AST_NODE_TYPES.Identifier && id.name === name,
      )?.init;
      if (declaration.kind === 'const' && initializer != null && isFunction(initializer)) return originOf(initializer);
      return origins.bindings.find(({ identifier, node }) => identifier.name === name && isInside(node, statement))
        ?.origin;
    }
    case AST_NODE_TYPES.ExportDefaultDeclaration:
      return name === 'default' ? originOf(statement.declaration) : undefined;
    case AST_NODE_TYPES.ExpressionStatement:
      return commonJsExport(statement.expression, name, originOf);
    default:
      return undefined;
  }
}

/** `exports.name = …`, `module.exports.name = …`, `module.exports = { name }`, `module.exports = require('m')`. */
function commonJsExport(expression: Node, name: string, originOf: Origins['originOf']): Origin | undefined {
  if (
    expression.type !== AST_NODE_TYPES.AssignmentExpression ||
    expression.left.type !== AST_NODE_TYPES.MemberExpression
  )
    return undefined;
  const { left, right } = expression;
  const object = nameOf(left.object);
  const member = memberName(left);
  if (object === 'exports' || object === 'module.exports') return member === name ? originOf(right) : undefined;
  if (object !== 'module' || member !== 'exports') return undefined;
  if (right.type === AST_NODE_TYPES.ObjectExpression) {
    for (const property of right.properties) {
      if (property.type === AST_NODE_TYPES.Property && keyName(property) === name) return originOf(property.value);
    }
    return undefined;
  }
  const whole = originOf(right);
  return whole === undefined ? undefined : { module: whole.module, path: [...whole.path, name] };
}

function nameOf(node: Node): string | undefined {
  if (node.type === AST_NODE_TYPES.Identifier) return node.name;
  if (node.type !== AST_NODE_TYPES.MemberExpression) return undefined;
  const object = nameOf(node.object);
  const member = memberName(node);
  return object === undefined || member === undefined ? undefined : `${object}.${member}`;
}
