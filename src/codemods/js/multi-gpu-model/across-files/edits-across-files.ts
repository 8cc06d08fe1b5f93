/**
 * A model that another file of the project builds and exports: the scope opens there, round the
 * building, and the strategy is exported beside the model for what is compiled here. Reads other
 * files through the context; all edits belong to one change.
 */
import type { MigrationContext } from '../../../migration.js';
import type { TextEdit } from '../../../result.js';
import type { Origins } from '../../origins/origin.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { indentUnit } from '../../../edits/newlines.js';
import { findOrigins } from '../../origins/find-origins.js';
import { ModuleResolver } from '../../project/resolve-module.js';
import { type JavaScriptSource, parseJavaScript } from '../../syntax/parse.js';
import { moduleExportName, type Node, walk } from '../../syntax/syntax-tree.js';
import { type Place, placeOf, usesOf } from '../analyze/access-path.js';
import { partStatements } from '../analyze/model-parts.js';
import { functionAround, indexIn } from '../analyze/statement-list.js';
import { crossingsBetween, targetOf } from '../analyze/value-target.js';
import { multiGpuModules, type MultiGpuUses, type WrapCall } from '../find/multi-gpu-uses.js';
import { readArguments } from '../find/wrap-arguments.js';
import { reduceWraps, type Reduction } from '../plan/remove-wraps.js';
import { planSegments } from '../plan/segments.js';
import { isRefusal } from '../refusal.js';
import { swapImports } from '../write/imports.js';
import { ScopeWriter } from '../write/scope-writer.js';
import { removalRange, startWithComments, usesSemicolons } from '../write/text-layout.js';
import { identifiersOf, withoutNested } from '../write/write-plan.js';

/** The edits of one wrap, here and in the file that builds its model. */
export interface EditsAcrossFiles {
  readonly edits: readonly TextEdit[];
  readonly otherFiles: ReadonlyMap<string, readonly TextEdit[]>;
}

/** `undefined` where the other file is not in view, is no ES module, or needs something that only this file knows. */
export function editsAcrossFiles(
  wrap: WrapCall,
  source: JavaScriptSource,
  uses: MultiGpuUses,
  context: MigrationContext,
): EditsAcrossFiles | undefined {
  const { names } = uses.origins;
  const read = readArguments(wrap.call);
  if (isRefusal(read) || (read.devices !== undefined && !isConstant(read.devices, source))) return undefined;
  const model = placeOf(read.model, names);
  const imported = importOf(model);
  if (
    model === undefined ||
    imported === undefined ||
    context.files === undefined ||
    context.absolutePath === undefined
  )
    return undefined;
  const crossings = crossingsBetween(wrap.call, { owner: source.ast, statements: source.ast.body });
  const isOnlyOne = uses.calls.filter(({ call }) => sharesArgument(call, model, uses.origins)).length === 1;
  if (!isOnlyOne || crossings.some(({ kind }) => kind !== 'function')) return undefined;
  const file = new ModuleResolver(context.files).resolve(imported.declaration.source.value, context.absolutePath);
  const text = file === undefined ? undefined : context.files.read(file)?.replace(/^\uFEFF/, '');
  if (file === undefined || text === undefined) return undefined;
  let builder: JavaScriptSource;
  try {
    builder = parseJavaScript(file, text);
  } catch {
    return undefined;
  }
  const strategy = freeName([identifiersOf(source), identifiersOf(builder)]);
  const devices = read.devices === undefined ? '' : `{ devices: ${source.text.slice(...read.devices.range)} }`;
  const there = editsInBuilder(builder, imported.name, strategy, devices, context);
  if (there === undefined) return undefined;
  return {
    edits: editsHere(wrap, read.model, model, imported, strategy, source, uses.origins),
    otherFiles: new Map([[file, there]]),
  };
}

interface ImportedModel {
  readonly name: string;
  readonly specifier: TSESTree.ImportSpecifier | TSESTree.ImportDefaultSpecifier;
  readonly declaration: TSESTree.ImportDeclaration;
}

function importOf(place: Place | undefined): ImportedModel | undefined {
  const definition = place?.members.length === 0 ? place.variable?.defs[0] : undefined;
  const specifier = definition?.node as Node | undefined;
  const declaration = definition?.parent as Node | null | undefined;
  if (declaration?.type !== AST_NODE_TYPES.ImportDeclaration) return undefined;
  if (specifier?.type === AST_NODE_TYPES.ImportSpecifier)
    return { name: moduleExportName(specifier.imported), specifier, declaration };
  if (specifier?.type === AST_NODE_TYPES.ImportDefaultSpecifier && declaration.specifiers.length === 1)
    return { name: 'default', specifier, declaration };
  return undefined;
}

function sharesArgument(call: TSESTree.CallExpression, model: Place, { names }: Origins): boolean {
  const argument = call.arguments[0];
  const other = argument === undefined ? undefined : placeOf(argument, names);
  return other?.variable === model.variable;
}

/** Whether a value can be written in another file: it names nothing. */
function isConstant(expression: Node, { visitorKeys }: JavaScriptSource): boolean {
  let isPlain = true;
  walk(expression, visitorKeys, (node) => {
    if (
      node.type !== AST_NODE_TYPES.Literal &&
      node.type !== AST_NODE_TYPES.ArrayExpression &&
      node.type !== AST_NODE_TYPES.UnaryExpression
    )
      isPlain = false;
  });
  return isPlain;
}

function editsInBuilder(
  builder: JavaScriptSource,
  exported: string,
  strategy: string,
  devices: string,
  context: MigrationContext,
): readonly TextEdit[] | undefined {
  const origins = findOrigins(builder, { isModule: multiGpuModules(context.modules) });
  const variable = exportedVariable(builder, exported, origins);
  if (variable === undefined) return undefined;
  const place: Place = { text: variable.name, variable, members: [], owner: undefined };
  const uses = usesOf(place, builder, origins.names);
  const list = { owner: builder.ast, statements: builder.ast.body };
  const writes = uses.filter(({ isWrite }) => isWrite);
  const isBuiltHere = writes.every(
    ({ node, written }) =>
      written !== undefined &&
      functionAround(node) === builder.ast &&
      /^(?:New|Call|Await)Expression$/.test(written.type),
  );
  if (writes.length === 0 || !isBuiltHere) return undefined;
  const built = Math.min(...writes.map(({ node }) => indexIn(list, node)));
  const first = Math.min(built, ...partStatements(uses, list, builder, origins));
  const reduction = reduceWraps([], builder, origins.names);
  const segments = planSegments({ list, first, places: [place], calls: [], hoisted: [] }, reduction, builder, origins);
  if (isRefusal(segments) || segments.length === 0) return undefined;
  const semicolon = usesSemicolons(builder) ? ';' : '';
  const imports = swapImports({
    source: builder,
    origins,
    wraps: [],
    isGone: () => false,
    needs: ['MirroredStrategy'],
    takenNames: identifiersOf(builder),
    semicolon,
  });
  const writer = new ScopeWriter(builder, origins, reduction, styleOf(builder, semicolon));
  const start = startWithComments(builder, list.statements[segments[0]!.from]!);
  const declaration = `export const ${strategy} = new ${imports.local.get('MirroredStrategy')}(${devices})${semicolon}\n`;
  const scopes = segments.flatMap((segment) => writer.write({ strategy, list, segment, hoisted: [] }));
  return [...imports.edits, { start, end: start, text: declaration }, ...scopes];
}

/** The variable that a module exports under a name by a declaration or a list; not what it hands on. */
function exportedVariable({ ast }: JavaScriptSource, name: string, { names }: Origins): Variable | undefined {
  for (const statement of ast.body) {
    if (
      statement.type === AST_NODE_TYPES.ExportDefaultDeclaration &&
      name === 'default' &&
      statement.declaration.type === AST_NODE_TYPES.Identifier
    ) {
      return names.variableOf(statement.declaration);
    }
    if (statement.type !== AST_NODE_TYPES.ExportNamedDeclaration || statement.source !== null) continue;
    const specifier = statement.specifiers.find(({ exported }) => moduleExportName(exported) === name);
    if (specifier !== undefined) return names.variableOf(specifier.local);
    if (statement.declaration?.type !== AST_NODE_TYPES.VariableDeclaration) continue;
    const declared = statement.declaration.declarations
      .flatMap((declarator) => names.declaredBy(declarator))
      .find((variable) => variable.name === name);
    if (declared !== undefined) return declared;
  }
  return undefined;
}

function editsHere(
  wrap: WrapCall,
  argument: Node,
  model: Place,
  { specifier, declaration }: ImportedModel,
  strategy: string,
  source: JavaScriptSource,
  origins: Origins,
): readonly TextEdit[] {
  const reduction = reduceWraps([{ call: wrap.call, model: argument }], source, origins.names);
  const semicolon = usesSemicolons(source) ? ';' : '';
  const isGone = (node: Node): boolean => isRemoved(node, reduction);
  const imports = swapImports({ source, origins, wraps: [wrap], isGone, needs: [], takenNames: new Set(), semicolon });
  const { place: result } = targetOf(wrap.call, origins.names);
  const writer = new ScopeWriter(source, origins, reduction, styleOf(source, semicolon));
  const compiles = [model, ...(result === undefined ? [] : [result])]
    .flatMap((place) => usesOf(place, source, origins.names))
    .flatMap(({ member, call }) =>
      member === 'compile' && call?.parent.type === AST_NODE_TYPES.ExpressionStatement && !isGone(call) ? [call] : [],
    );
  const isUsed = compiles.length > 0;
  const end = specifier.range[1];
  const isNamed = specifier.type === AST_NODE_TYPES.ImportSpecifier && declaration.importKind !== 'type';
  const added: TextEdit[] = isUsed ? [{ start: end, end, text: isNamed ? `, ${strategy}` : `, { ${strategy} }` }] : [];
  return withoutNested(
    [
      ...reduction.edits,
      ...[...reduction.removed].map((node) => ({ ...removalRange(source, node), text: '' })),
      ...[...new Set(compiles)].flatMap((call) => writer.aroundExpression(strategy, call)),
      ...added,
      ...imports.edits,
    ],
    source.text,
  );
}

function isRemoved(node: Node, { removed }: Reduction): boolean {
  for (let current: Node | undefined = node; current !== undefined; current = current.parent)
    if (removed.has(current)) return true;
  return false;
}

function styleOf(source: JavaScriptSource, semicolon: string): ConstructorParameters<typeof ScopeWriter>[3] {
  return { indent: indentUnit(source.text), semicolon, isTypeScript: /\.[cm]?tsx?$/i.test(source.path) };
}

function freeName(taken: readonly ReadonlySet<string>[]): string {
  let name = 'strategy';
  for (let count = 2; taken.some((names) => names.has(name)); count++) name = `strategy${count}`;
  return name;
}
