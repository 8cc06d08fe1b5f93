/**
 * Migrates a wrap whose model another file builds and exports: the scope opens in that file, which then also exports
 * the strategy for the code that compiles the model here. Reads other files through the context; all edits form one
 * change.
 */
import type { MigrationContext } from '../../../migration.js';
import type { TextEdit } from '../../../result.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { MultiGpuUses, WrapCall } from '../find/multi-gpu-uses.js';
import type { ImportedModel } from './imported-model.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { isRefusal } from '../../../refusal.js';
import { ModuleResolver } from '../../project/resolve-module.js';
import { parseJavaScript } from '../../syntax/parse.js';
import { containsNode, type Node } from '../../syntax/syntax-tree.js';
import { type AccessPath, accessPathOf, usesOf } from '../analyze/access-path.js';
import { crossingsBetween } from '../analyze/crossings.js';
import { targetOf } from '../analyze/value-target.js';
import { multiGpuModules } from '../find/multi-gpu-uses.js';
import { readArguments } from '../find/wrap-arguments.js';
import { removeWraps } from '../plan/remove-wraps.js';
import { strategyCreation } from '../strategy-creation.js';
import { codeStyleOf } from '../write/code-style.js';
import { freeStrategyName, identifiersOf } from '../write/free-names.js';
import { swapImports } from '../write/imports/swap-imports.js';
import { withoutNested } from '../write/nested-edits.js';
import { ScopeWriter } from '../write/scope-writer.js';
import { removalRange } from '../write/text-layout.js';

import { editsInModelFile } from './edits-in-model-file.js';
import { importedModel } from './imported-model.js';

/** The edits of one wrap, in this file and in the file that builds its model. */
export interface EditsAcrossFiles {
  readonly edits: readonly TextEdit[];
  readonly otherFiles: ReadonlyMap<string, readonly TextEdit[]>;
}

/** A wrap of an imported model. */
interface ImportedWrap {
  readonly wrapCall: WrapCall;
  readonly argument: Node;
  readonly model: AccessPath;
  readonly imported: ImportedModel;
}

/** The edits; `undefined` if the other file cannot be read or changed, or the strategy needs a value of this file. */
export function editsAcrossFiles(
  wrapCall: WrapCall,
  source: JavaScriptSource,
  uses: MultiGpuUses,
  { files, absolutePath, modules, strategy: target }: MigrationContext,
): EditsAcrossFiles | undefined {
  const read = readArguments(wrapCall.call);
  if (files === undefined || absolutePath === undefined || isRefusal(read)) return undefined;
  const { model: argument, devices } = read;
  if (devices !== undefined && !isConstant(devices, source)) return undefined;
  const model = accessPathOf(argument, uses.origins.names);
  const imported = model && importedModel(model);
  if (model === undefined || imported === undefined || !isOnlyWrapOf(model, wrapCall, source, uses)) return undefined;
  const file = new ModuleResolver(files).resolve(imported.declaration.source.value, absolutePath);
  const text = file === undefined ? undefined : files.read(file)?.replace(/^\uFEFF/, '');
  if (file === undefined || text === undefined) return undefined;
  const modelFile = parseOrUndefined(file, text);
  if (modelFile === undefined) return undefined;
  const usedNames = [identifiersOf(source), identifiersOf(modelFile)];
  const strategy = freeStrategyName((name) => !usedNames.some((names) => names.has(name)));
  const there = editsInModelFile(modelFile, {
    exported: imported.name,
    strategy,
    creation: strategyCreation(target, devices && source.text.slice(...devices.range)),
    isModule: multiGpuModules(modules),
  });
  if (there === undefined) return undefined;
  const edits = editsInWrappingFile({ wrapCall, argument, model, imported }, strategy, source, uses);
  return { edits, otherFiles: new Map([[file, there]]) };
}

/** Whether no other wrap has the same argument, and the wrap runs whenever its function runs. */
function isOnlyWrapOf(model: AccessPath, { call }: WrapCall, source: JavaScriptSource, uses: MultiGpuUses): boolean {
  const wraps = uses.calls.filter(
    ({
      call: {
        arguments: [first],
      },
    }) => {
      const path = first === undefined ? undefined : accessPathOf(first, uses.origins.names);
      return path?.variable === model.variable;
    },
  );
  const crossings = crossingsBetween(call, { owner: source.ast, statements: source.ast.body });
  return wraps.length === 1 && crossings.every(({ kind }) => kind === 'function');
}

/** Whether a value can be written in another file, because it consists only of literals. */
function isConstant(expression: Node, { visitorKeys }: JavaScriptSource): boolean {
  return !containsNode(
    expression,
    visitorKeys,
    ({ type }) =>
      type !== AST_NODE_TYPES.Literal &&
      type !== AST_NODE_TYPES.ArrayExpression &&
      type !== AST_NODE_TYPES.UnaryExpression,
  );
}

/** The parsed file. The run reports a syntax error when it migrates that file. */
function parseOrUndefined(file: string, text: string): JavaScriptSource | undefined {
  try {
    return parseJavaScript(file, text);
  } catch {
    return undefined;
  }
}

function editsInWrappingFile(
  { wrapCall, argument, model, imported: { specifier, declaration } }: ImportedWrap,
  strategy: string,
  source: JavaScriptSource,
  { origins }: MultiGpuUses,
): readonly TextEdit[] {
  const removal = removeWraps([{ call: wrapCall.call, model: argument }], source, origins.names);
  const { isRemoved } = removal;
  const usedNames = new Set<string>();
  const imports = swapImports({ source, origins, wrapCalls: [wrapCall], isRemoved, needs: [], usedNames });
  const result = targetOf(wrapCall.call, origins.names)?.path;
  const compiles = new Set(
    [model, ...(result === undefined ? [] : [result])]
      .flatMap((path) => usesOf(path, source, origins.names))
      .flatMap(({ member, call }) =>
        member === 'compile' && call?.parent.type === AST_NODE_TYPES.ExpressionStatement && !isRemoved(call)
          ? [call]
          : [],
      ),
  );
  const writer = new ScopeWriter(source, origins, removal, codeStyleOf(source));
  const end = specifier.range[1];
  const isNamed = specifier.type === AST_NODE_TYPES.ImportSpecifier && declaration.importKind !== 'type';
  const added = { start: end, end, text: isNamed ? `, ${strategy}` : `, { ${strategy} }` };
  return withoutNested(
    [
      ...removal.edits,
      ...[...removal.statements].map((node) => ({ ...removalRange(source, node), text: '' })),
      ...[...compiles].flatMap((call) => writer.aroundExpression(strategy, call)),
      ...(compiles.size > 0 ? [added] : []),
      ...imports.edits,
    ],
    source.text,
  );
}
