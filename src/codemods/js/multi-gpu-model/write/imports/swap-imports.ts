/** Removes imports that nothing uses any more, and adds an import of the runtime. Pure. */
import type { TextEdit } from '../../../../result.js';
import type { Binding, Origins } from '../../../origins/origin.js';
import type { JavaScriptSource } from '../../../syntax/parse.js';
import type { RemovedUses } from './unused-bindings.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RUNTIME_MODULE } from '../../../lifecycle/vocabulary-table.js';
import { findOrigins } from '../../../origins/find-origins.js';
import { memberPath } from '../../../origins/origin.js';
import { isInside, type Node } from '../../../syntax/syntax-tree.js';
import { MODULES_WITH_EFFECTS } from '../../api-table.js';
import { codeStyleOf } from '../code-style.js';
import { commentsIn } from '../removed-comments.js';
import { endOf, lineEndAt, removalRange } from '../text-layout.js';

import { isLoadingStatement } from './loading-statements.js';
import { importStatement, insertionOf, type LocalNames, type RuntimeName } from './new-import.js';
import { removeNames } from './remove-names.js';
import { unusedBindings } from './unused-bindings.js';

/** The names of the runtime's exports if the file uses their own names for something else. */
const ALTERNATIVE_NAMES: Readonly<Record<RuntimeName, string>> = {
  MirroredStrategy: 'MirrorscopeMirroredStrategy',
  MultiWorkerMirroredStrategy: 'MirrorscopeMultiWorkerMirroredStrategy',
  TFConfigClusterResolver: 'MirrorscopeTFConfigClusterResolver',
  getStrategy: 'getMirrorscopeStrategy',
};

export interface ImportSwap {
  readonly edits: readonly TextEdit[];
  readonly localNames: LocalNames;
}

export interface ImportRequest extends RemovedUses {
  readonly source: JavaScriptSource;
  /** The exports of the runtime that the new code uses. */
  readonly needs: readonly RuntimeName[];
  /** Names that the file already uses. */
  readonly usedNames: ReadonlySet<string>;
}

export function swapImports(request: ImportRequest): ImportSwap {
  const { source, origins } = request;
  const { localNames, missing } = namesFor(request);
  const edits: TextEdit[] = [];
  let added = missing.length === 0 ? undefined : importStatement(source, origins, missing, localNames);
  for (const [statement, bindings] of groupByStatement(unusedBindings(request))) {
    if (!declaresOnly(statement, bindings, source)) {
      edits.push(...removeNames(statement, bindings, source));
      continue;
    }
    const kept = importForEffects(statement, origins, source);
    const isTopLevelImport = statement.parent?.type === AST_NODE_TYPES.Program && isLoadingStatement(statement);
    const replacement = kept === undefined ? [] : [kept];
    // The new import takes the place of the first import that is removed.
    if (isTopLevelImport && added !== undefined) {
      replacement.push(added);
      added = undefined;
    }
    edits.push(replacementEdit(statement, replacement, source));
  }
  if (added !== undefined) edits.push(insertionOf(added, source, origins));
  return { edits, localNames };
}

/** Finds the local name of each needed export, and the exports that the file does not import yet. */
function namesFor({ source, needs, usedNames }: ImportRequest): { localNames: LocalNames; missing: RuntimeName[] } {
  const { bindings } = findOrigins(source, { isModule: (specifier) => specifier === RUNTIME_MODULE });
  const localNames = new Map<RuntimeName, string>();
  const missing: RuntimeName[] = [];
  for (const name of needs) {
    const imported = bindings.find(
      ({ origin, variable }) => memberPath(origin.path).join('.') === name && isTopLevel(variable),
    );
    if (imported === undefined) missing.push(name);
    const newName = usedNames.has(name) ? ALTERNATIVE_NAMES[name] : name;
    localNames.set(name, imported?.identifier.name ?? newName);
  }
  return { localNames, missing };
}

function groupByStatement(bindings: readonly Binding[]): Map<Node, Binding[]> {
  const groups = new Map<Node, Binding[]>();
  for (const binding of bindings) {
    const statement = statementOf(binding);
    groups.set(statement, [...(groups.get(statement) ?? []), binding]);
  }
  return groups;
}

/** The import or variable declaration that contains a binding. */
function statementOf({ node, declaration }: Binding): Node {
  let current = declaration ?? node;
  while (current.type === AST_NODE_TYPES.VariableDeclarator || current.type === AST_NODE_TYPES.Property)
    current = current.parent;
  return current;
}

/** Whether a statement declares these bindings and nothing else. */
function declaresOnly(statement: Node, bindings: readonly Binding[], { scopeManager }: JavaScriptSource): boolean {
  if (statement.type === AST_NODE_TYPES.TSImportEqualsDeclaration) return true;
  const declared =
    statement.type === AST_NODE_TYPES.ImportDeclaration
      ? statement.specifiers.length
      : scopeManager.getDeclaredVariables(statement).length;
  return bindings.length >= declared;
}

/** The import without names that must stay, because it registers a backend and no other statement does. */
function importForEffects(statement: Node, { sources }: Origins, source: JavaScriptSource): string | undefined {
  const loaded = sources.find(({ node }) => isInside(node, statement));
  if (loaded === undefined || !MODULES_WITH_EFFECTS.has(loaded.module)) return undefined;
  if (sources.some(({ module, node }) => module === loaded.module && node !== loaded.node)) return undefined;
  const { text } = source;
  const { semicolon } = codeStyleOf(source);
  return statement.type === AST_NODE_TYPES.ImportDeclaration
    ? `import ${text.slice(...loaded.literal.range)}${semicolon}`
    : `${text.slice(...loaded.node.range)}${semicolon}`;
}

function replacementEdit(statement: Node, lines: readonly string[], source: JavaScriptSource): TextEdit {
  const range = { start: statement.range[0], end: endOf(source, statement) };
  const rest = source.text.slice(range.end, lineEndAt(source.text, range.end));
  const isLast = lines.length === 0 && rest.trim() !== '';
  const comments = commentsIn([range], [], source).get(range) ?? [];
  const kept = [...(isLast ? comments.map(beforeCode) : comments), ...lines];
  if (kept.length > 0) return { ...range, text: kept.join('\n') };
  // Keep the comment above, which may be the header of the file.
  return { ...removalRange(source, statement, 'without comments'), text: '' };
}

/** A comment that does not reach over the code behind it. */
function beforeCode(comment: string): string {
  return comment.startsWith('//') ? `/*${comment.slice(2).replaceAll('*/', '* /')} */` : comment;
}

function isTopLevel({ scope }: Variable): boolean {
  const type: string = scope.type;
  return type === 'module' || type === 'global';
}
