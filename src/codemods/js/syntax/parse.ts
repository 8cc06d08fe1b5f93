/**
 * Parses JavaScript and TypeScript to ESTree with scopes, or wraps a tree that ESLint has already parsed. ESLint's
 * parser parses plain JavaScript, and typescript-eslint's parser everything else; it is loaded when it is first needed.
 */
import type * as TypeScriptParser from '@typescript-eslint/parser';
import type { ScopeManager } from '@typescript-eslint/scope-manager';

import { createRequire } from 'node:module';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { isStackOverflow, nestedTooDeeply } from '../../nested-too-deeply.js';

import { type ParsedTree, parsePlainJavaScript } from './parse-plain-javascript.js';
import { linkParents, type VisitorKeys } from './syntax-tree.js';

/** One parsed file. Every node has its `parent`; offsets do not count a byte-order mark. */
export interface JavaScriptSource {
  readonly path: string;
  /** The text that was parsed, without byte-order mark. */
  readonly text: string;
  readonly ast: TSESTree.Program;
  readonly scopeManager: ScopeManager;
  readonly visitorKeys: VisitorKeys;
  /** Whether the file loads other files with `import` or with `require`. */
  readonly moduleSystem: ModuleSystem;
}

export type ModuleSystem = 'esm' | 'commonjs';

/** The parts of ESLint's `SourceCode` that are used; any parser may have made it. */
export interface ParsedElsewhere {
  readonly path: string;
  readonly text: string;
  readonly ast: unknown;
  readonly scopeManager: unknown;
  readonly visitorKeys: unknown;
}

const require = createRequire(import.meta.url);

/** Loads the parser late: it imports the TypeScript compiler, which takes longer to load than most runs last. */
function loadParser(): typeof TypeScriptParser {
  return require('@typescript-eslint/parser') as typeof TypeScriptParser;
}

/**
 * Parses a file.
 *
 * @param path - Its ending decides between JavaScript and TypeScript, and whether JSX is allowed.
 * @param text - Without byte-order mark.
 * @throws {MirrorscopeError} `SYNTAX`, with line and column, if the text does not parse; `TOO_LARGE`.
 */
export function parseJavaScript(path: string, text: string): JavaScriptSource {
  assertSize(text);
  try {
    const { ast, scopeManager, visitorKeys } = parsePlainJavaScript(path, text) ?? parseTypeScript(path, text);
    linkParents(ast, visitorKeys);
    return { path, text, ast, scopeManager, visitorKeys, moduleSystem: moduleSystemOf(path, ast) };
  } catch (error) {
    throw syntaxError(path, error);
  }
}

/** A tree of more code than this takes gigabytes. Text in strings costs nothing. */
const MAX_PUNCTUATION = 500_000;

function assertSize(text: string): void {
  if (text.length <= MAX_PUNCTUATION) return;
  let punctuation = 0;
  for (let index = 0; index < text.length; index++) if (isPunctuation(text.charCodeAt(index))) punctuation++;
  if (punctuation > MAX_PUNCTUATION)
    throw new MirrorscopeError(
      ErrorCode.TooLarge,
      `The file has ${punctuation} punctuation characters; at most ${MAX_PUNCTUATION} are analyzed.`,
    );
}

/** Brackets, commas, dots, equals signs and semicolons. */
function isPunctuation(code: number): boolean {
  return PUNCTUATION[code] === 1;
}

const PUNCTUATION = Uint8Array.from({ length: 128 }, (_, code) =>
  '()[]{},.;='.includes(String.fromCharCode(code)) ? 1 : 0,
);

function parseTypeScript(path: string, text: string): ParsedTree {
  return loadParser().parseForESLint(text, {
    filePath: path,
    ecmaFeatures: { jsx: /\.(?:[cm]?jsx?|tsx)$/i.test(path) },
    sourceType: 'module',
    lib: [],
    jsDocParsingMode: 'none',
    suppressDeprecatedPropertyWarnings: true,
    warnOnUnsupportedTypeScriptVersion: false,
  });
}

/** Wraps a tree that espree or typescript-eslint has parsed for ESLint. */
export function fromParsed(parsed: ParsedElsewhere): JavaScriptSource {
  const ast = parsed.ast as TSESTree.Program;
  const visitorKeys = parsed.visitorKeys as VisitorKeys;
  linkParents(ast, visitorKeys);
  return {
    path: parsed.path,
    text: parsed.text,
    ast,
    scopeManager: parsed.scopeManager as ScopeManager,
    visitorKeys,
    moduleSystem: moduleSystemOf(parsed.path, ast),
  };
}

function moduleSystemOf(path: string, ast: TSESTree.Program): ModuleSystem {
  if (/\.m[jt]s$/i.test(path)) return 'esm';
  const hasModuleSyntax = ast.body.some(
    (statement) =>
      statement.type === AST_NODE_TYPES.ImportDeclaration ||
      statement.type === AST_NODE_TYPES.ExportNamedDeclaration ||
      statement.type === AST_NODE_TYPES.ExportDefaultDeclaration ||
      statement.type === AST_NODE_TYPES.ExportAllDeclaration,
  );
  if (hasModuleSyntax) return 'esm';
  // TypeScript files use `import` unless they call `require`; without imports we assume `import`.
  return /\.tsx?$/i.test(path) ? 'esm' : 'commonjs';
}

function syntaxError(path: string, error: unknown): MirrorscopeError {
  if (isStackOverflow(error)) return nestedTooDeeply(error);
  const message = error instanceof Error ? error.message : String(error);
  const { location } = error as { location?: { start?: { line: number; column: number } } };
  const place = location?.start === undefined ? '' : `:${location.start.line}:${location.start.column + 1}`;
  return new MirrorscopeError(ErrorCode.Syntax, `${path}${place}: ${message}`, { cause: error });
}
