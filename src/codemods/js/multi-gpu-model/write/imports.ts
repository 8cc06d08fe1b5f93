/** Swaps the import: the deprecated name goes where nothing else uses it, the strategy comes. Pure. */
import type { TextEdit } from '../../../result.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Node } from '../../syntax/syntax-tree.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { findOrigins } from '../../origins/find-origins.js';
import { type Binding, memberPath, type Origins } from '../../origins/origin.js';
import { MODULES_WITH_EFFECTS } from '../api-table.js';
import { isExportedVariable, multiGpuName, type WrapCall } from '../find/multi-gpu-uses.js';

import { endWithComment, lineEndAt, preferredQuote, removalRange } from './text-layout.js';

const RUNTIME_MODULE = 'mirrorscope';
export type RuntimeName = 'MirroredStrategy' | 'getStrategy';

/** What they are called where their own name is taken. */
const OTHER_NAMES: ReadonlyMap<RuntimeName, string> = new Map([
  ['MirroredStrategy', 'MirrorscopeMirroredStrategy'],
  ['getStrategy', 'getMirrorscopeStrategy'],
]);

export interface ImportSwap {
  readonly edits: readonly TextEdit[];
  /** Under which local name each export of the runtime is to be used. */
  readonly local: ReadonlyMap<RuntimeName, string>;
}

export interface ImportRequest {
  readonly source: JavaScriptSource;
  readonly origins: Origins;
  /** The wraps that go. */
  readonly wraps: readonly WrapCall[];
  /** Nodes that go beside them. */
  isGone(node: Node): boolean;
  readonly needs: readonly RuntimeName[];
  readonly takenNames: ReadonlySet<string>;
  readonly semicolon: string;
}

export function swapImports(request: ImportRequest): ImportSwap {
  const { source, needs, takenNames } = request;
  const local = new Map<RuntimeName, string>();
  const present = findOrigins(source, { isModule: (specifier) => specifier === RUNTIME_MODULE }).bindings;
  const missing: RuntimeName[] = [];
  for (const name of needs) {
    const bound = present.find(
      ({ origin, variable }) => memberPath(origin.path).join('.') === name && isTopLevel(variable),
    );
    if (bound !== undefined) local.set(name, bound.identifier.name);
    else {
      local.set(name, takenNames.has(name) ? OTHER_NAMES.get(name)! : name);
      missing.push(name);
    }
  }
  const unused = unusedBindings(request);
  const whole = declarationsThatGo(unused, source);
  const edits: TextEdit[] = [];
  const added = missing.length === 0 ? undefined : newImport(request, missing, local);
  let isPlaced = added === undefined;
  for (const [declaration, bindings] of groupByDeclaration(unused)) {
    if (!whole.has(declaration)) {
      edits.push(...withoutNames(declaration, bindings, source));
      continue;
    }
    const kept = keptForEffects(declaration, bindings, request.origins, request.semicolon, source);
    const isAtTop = declaration.parent?.type === AST_NODE_TYPES.Program && isLoading(declaration);
    const replacement = [...(kept === undefined ? [] : [kept]), ...(isPlaced || !isAtTop ? [] : [added!])];
    if (isAtTop) isPlaced = true;
    if (replacement.length > 0)
      edits.push({ start: declaration.range[0], end: declaration.range[1], text: replacement.join('\n') });
    else {
      // A comment above it may be the header of the file.
      const { start, end } = removalRange(source, declaration, 'without comments');
      edits.push({ start, end, text: '' });
    }
  }
  if (!isPlaced) edits.push(insertion(request, added!));
  return { edits, local };
}

/** Edits that take names away that nothing uses, and add nothing. */
export function removeUnusedNames(request: Omit<ImportRequest, 'needs' | 'wraps'>): readonly TextEdit[] {
  return swapImports({ ...request, wraps: [], needs: [] }).edits;
}

/** Bindings that nothing uses once the wraps are gone, aliases first found to be so included. */
export function unusedBindings({
  origins,
  wraps,
  isGone,
}: Pick<ImportRequest, 'origins' | 'wraps' | 'isGone'>): Binding[] {
  const gone = new Set<Node>(wraps.map(({ reference }) => reference.base));
  const candidates = new Set<Binding>(
    origins.bindings.filter(({ origin, typeOnly }) => multiGpuName(origin) !== undefined && !typeOnly),
  );
  for (const { reference } of wraps) {
    for (let { binding } = reference; binding !== undefined; binding = binding.from) candidates.add(binding);
  }
  const unused: Binding[] = [];
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const binding of candidates) {
      if (unused.includes(binding) || !isRemovable(binding)) continue;
      const references = origins.names.referencesTo(binding.variable).filter(({ init }) => !init);
      if (!references.every(({ identifier }) => gone.has(identifier as Node) || isGone(identifier as Node))) continue;
      unused.push(binding);
      isChanged = true;
      const initializer = binding.node.type === AST_NODE_TYPES.VariableDeclarator ? binding.node : binding.declaration;
      for (const reference of origins.references) {
        if (initializer !== undefined && reference.outermost.parent === initializer) gone.add(reference.base);
      }
    }
  }
  return unused;
}

function isRemovable({ kind, node, declaration }: Binding): boolean {
  if (isExportedVariable(node) || isExportedVariable(declaration)) return false;
  if (kind === 'destructured') {
    const pattern = node.parent;
    return (
      declaration?.type === AST_NODE_TYPES.VariableDeclarator &&
      pattern?.type === AST_NODE_TYPES.ObjectPattern &&
      declaration.id === pattern &&
      !pattern.properties.some(({ type }) => type === AST_NODE_TYPES.RestElement)
    );
  }
  if (kind === 'variable') return node.type === AST_NODE_TYPES.VariableDeclarator && node.init !== null;
  return true;
}

/** The statement that a binding stands in, and its part of it: an import, or one declarator. */
function statementOf({ node, declaration }: Binding): Node {
  let current = declaration ?? node;
  while (current.type === AST_NODE_TYPES.VariableDeclarator || current.type === AST_NODE_TYPES.Property)
    current = current.parent;
  return current;
}

function groupByDeclaration(bindings: readonly Binding[]): Map<Node, Binding[]> {
  const groups = new Map<Node, Binding[]>();
  for (const binding of bindings) {
    const statement = statementOf(binding);
    groups.set(statement, [...(groups.get(statement) ?? []), binding]);
  }
  return groups;
}

function declarationsThatGo(bindings: readonly Binding[], source: JavaScriptSource): Set<Node> {
  const whole = new Set<Node>();
  for (const [statement, group] of groupByDeclaration(bindings)) {
    const declared = source.scopeManager.getDeclaredVariables(statement);
    const all = statement.type === AST_NODE_TYPES.ImportDeclaration ? statement.specifiers.length : declared.length;
    if (statement.type === AST_NODE_TYPES.TSImportEqualsDeclaration || group.length >= all) whole.add(statement);
  }
  return whole;
}

function withoutNames(declaration: Node, bindings: readonly Binding[], { text }: JavaScriptSource): TextEdit[] {
  if (declaration.type === AST_NODE_TYPES.ImportDeclaration) return withoutSpecifiers(declaration, bindings, text);
  const edits: TextEdit[] = [];
  const { declarations } = declaration as TSESTree.VariableDeclaration;
  const isWholeGone = (declarator: TSESTree.VariableDeclarator): boolean =>
    declarator.id.type === AST_NODE_TYPES.Identifier
      ? bindings.some(({ node }) => node === declarator)
      : declarator.id.type === AST_NODE_TYPES.ObjectPattern &&
        declarator.id.properties.every((property) => bindings.some(({ node }) => node === property));
  edits.push(...withoutItems(declarations, isWholeGone, text));
  for (const declarator of declarations) {
    if (isWholeGone(declarator) || declarator.id.type !== AST_NODE_TYPES.ObjectPattern) continue;
    edits.push(
      ...withoutItems(declarator.id.properties, (property) => bindings.some(({ node }) => node === property), text),
    );
  }
  return edits;
}

function withoutSpecifiers(
  declaration: TSESTree.ImportDeclaration,
  bindings: readonly Binding[],
  text: string,
): TextEdit[] {
  const isGone = (specifier: Node): boolean => bindings.some(({ node }) => node === specifier);
  const named = declaration.specifiers.filter(({ type }) => type === AST_NODE_TYPES.ImportSpecifier);
  const [first] = declaration.specifiers;
  const edits: TextEdit[] = [];
  const brace =
    named.length === 0
      ? -1
      : text.indexOf('{', first!.type === AST_NODE_TYPES.ImportSpecifier ? declaration.range[0] : first!.range[1]);
  if (named.length > 0 && named.every(isGone)) {
    // `import k, { f } from` becomes `import k from`.
    const closing = text.indexOf('}', named.at(-1)!.range[1]) + 1;
    edits.push({ start: first!.range[1], end: closing, text: '' });
  } else {
    edits.push(...withoutItems(named, isGone, text));
  }
  if (first!.type !== AST_NODE_TYPES.ImportSpecifier && isGone(first!)) {
    const next = declaration.specifiers[1]!;
    edits.push({
      start: first!.range[0],
      end: next.type === AST_NODE_TYPES.ImportSpecifier ? brace : next.range[0],
      text: '',
    });
  }
  return edits;
}

/** Takes items out of a comma-separated list of which some stay. */
function withoutItems<Item extends Node>(
  items: readonly Item[],
  isGone: (item: Item) => boolean,
  _text: string,
): TextEdit[] {
  const edits: TextEdit[] = [];
  let kept: Item | undefined;
  items.forEach((item, index) => {
    if (!isGone(item)) {
      kept = item;
      return;
    }
    const next = items[index + 1];
    if (kept !== undefined) edits.push({ start: items[index - 1]!.range[1], end: item.range[1], text: '' });
    else if (next !== undefined) edits.push({ start: item.range[0], end: next.range[0], text: '' });
  });
  return edits;
}

/** An import that also registers a backend stays, without names. */
function keptForEffects(
  declaration: Node,
  bindings: readonly Binding[],
  origins: Origins,
  semicolon: string,
  { text }: JavaScriptSource,
): string | undefined {
  const loaded = origins.sources.filter(
    ({ node }) => declaration.range[0] <= node.range[0] && node.range[1] <= declaration.range[1],
  );
  const [only] = loaded;
  if (only === undefined || !MODULES_WITH_EFFECTS.has(only.module) || bindings.length === 0) return undefined;
  const isLoadedElsewhere = origins.sources.some(({ module, node }) => module === only.module && node !== only.node);
  if (isLoadedElsewhere) return undefined;
  const literal = text.slice(...only.literal.range);
  return declaration.type === AST_NODE_TYPES.ImportDeclaration
    ? `import ${literal}${semicolon}`
    : `${text.slice(...only.node.range)}${semicolon}`;
}

function newImport(
  { source, origins, semicolon }: ImportRequest,
  names: readonly RuntimeName[],
  local: ImportSwap['local'],
): string {
  const quote = preferredQuote(source);
  const module = `${quote}${RUNTIME_MODULE}${quote}`;
  const usesImport = usesImportStatements(source, origins);
  const list = names.map((name) => {
    const own = local.get(name)!;
    return own === name ? name : usesImport ? `${name} as ${own}` : `${name}: ${own}`;
  });
  const keyword = /^var\b/m.test(source.text) && !/^(?:const|let)\b/m.test(source.text) ? 'var' : 'const';
  return usesImport
    ? `import { ${list.join(', ')} } from ${module}${semicolon}`
    : `${keyword} { ${list.join(', ')} } = require(${module})${semicolon}`;
}

function usesImportStatements({ ast, moduleSystem }: JavaScriptSource, origins: Origins): boolean {
  if (ast.body.some(({ type }) => type === AST_NODE_TYPES.ImportDeclaration)) return true;
  if (moduleSystem === 'commonjs') return false;
  // A TypeScript file without imports that loads with `require` goes on so.
  return !origins.sources.some(({ node }) => node.type === AST_NODE_TYPES.CallExpression);
}

function insertion({ source, origins }: ImportRequest, text: string): TextEdit {
  const { ast } = source;
  const provider = ast.body.findLast(
    (statement) => isLoading(statement) && origins.sources.some(({ node }) => isWithin(node, statement)),
  );
  const last = provider ?? ast.body.findLast(isLoading);
  if (last !== undefined) {
    const end = endWithComment(source, last);
    return { start: end, end, text: `\n${text}` };
  }
  const directives = ast.body.filter(
    (statement) => statement.type === AST_NODE_TYPES.ExpressionStatement && statement.directive !== undefined,
  );
  const directive = directives.at(-1);
  if (directive !== undefined) {
    const end = endWithComment(source, directive);
    return { start: end, end, text: `\n${text}` };
  }
  const start = source.text.startsWith('#!')
    ? Math.min(source.text.length, lineEndAt(source.text, 0) + (source.text.includes('\r\n') ? 2 : 1))
    : 0;
  return { start, end: start, text: `${text}\n` };
}

function isLoading(statement: Node): boolean {
  return (
    statement.type === AST_NODE_TYPES.ImportDeclaration ||
    statement.type === AST_NODE_TYPES.TSImportEqualsDeclaration ||
    (statement.type === AST_NODE_TYPES.VariableDeclaration && isRequireDeclaration(statement))
  );
}

function isRequireDeclaration(statement: TSESTree.VariableDeclaration): boolean {
  return statement.declarations.some(({ init }) => {
    let value: Node | null = init;
    while (value?.type === AST_NODE_TYPES.MemberExpression || value?.type === AST_NODE_TYPES.AwaitExpression) {
      value = value.type === AST_NODE_TYPES.MemberExpression ? value.object : value.argument;
    }
    if (value?.type === AST_NODE_TYPES.ImportExpression) return true;
    return (
      value?.type === AST_NODE_TYPES.CallExpression &&
      value.callee.type === AST_NODE_TYPES.Identifier &&
      value.callee.name === 'require'
    );
  });
}

function isWithin(node: Node, outer: Node): boolean {
  return outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];
}

function isTopLevel(variable: Variable): boolean {
  return variable.scope.type === 'module' || variable.scope.type === 'global';
}
