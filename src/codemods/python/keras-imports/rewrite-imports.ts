/** Rewrites the imports of standalone Keras in one file to TensorFlow's Keras. */
import type { Finding, TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';

import { RefusalReason } from '../../refusal-reason.js';
import { type ImportedName, importedNames, moduleOf } from '../analysis/imports.js';
import { ownsItsLines } from '../analysis/statements.js';
import { childByField, type PyNode } from '../syntax/node.js';

import { KERAS_SUBMODULES } from './module-table.js';
import { isStandalone, movedMember, movedModule } from './moved-path.js';
import { rewriteAttributes } from './rewrite-attributes.js';

/** The edits of one file and what could not be edited. */
export interface ImportRewrite {
  readonly edits: readonly TextEdit[];
  readonly rewritten: readonly PyNode[];
  readonly refused: readonly { readonly node: PyNode; readonly detail: string; readonly reason: RefusalReason }[];
}

/** Moves every `keras` import of a file. */
export function rewriteImports(module: PythonModule): ImportRewrite {
  const edits: TextEdit[] = [];
  const rewritten: PyNode[] = [];
  const refused: { node: PyNode; detail: string; reason: RefusalReason }[] = [];
  const refuse = (node: PyNode, text: string): void =>
    void refused.push({
      node,
      reason: RefusalReason.NoReplacement,
      detail: `“${text}” has no counterpart in TensorFlow’s Keras`,
    });
  // Blocks in which `keras` is bound already: `import keras` and `import keras.layers` become the same line.
  const bound = new Set<PyNode | undefined>();
  for (const statement of module.source.nodes) {
    if (statement.type !== 'import_statement' && statement.type !== 'import_from_statement') continue;
    const names = importedNames(module.source, statement);
    const from = statement.type === 'import_from_statement' ? moduleOf(module.source, statement) : undefined;
    const concerns = from === undefined ? names.some((name) => isStandalone(name.module)) : isStandalone(from);
    if (!concerns) continue;
    const { edits: moves, lost } =
      from === undefined ? plainImport(module, statement, names, bound) : fromImport(module, statement, from, names);
    if (lost !== undefined) refuse(statement, lost);
    if (lost === undefined || moves.length > 0) rewritten.push(statement);
    edits.push(...moves);
  }
  const attributes = rewriteAttributes(module);
  if (rewritten.length > 0) edits.push(...attributes.edits);
  for (const node of attributes.lost) refuse(node, module.source.textOf(node));
  return { edits, rewritten, refused };
}

/** What becomes of one statement. */
interface StatementRewrite {
  readonly edits: readonly TextEdit[];
  /** The import that has to stay, as text. */
  readonly lost?: string;
}

function plainImport(
  module: PythonModule,
  statement: PyNode,
  names: readonly ImportedName[],
  bound: Set<PyNode | undefined>,
): StatementRewrite {
  const { source } = module;
  const lines: string[] = [];
  const others: string[] = [];
  for (const name of names) {
    const written = source.textOf(name.clause);
    if (!isStandalone(name.module)) {
      others.push(written);
      continue;
    }
    const moved = movedModule(name.module);
    if (moved === undefined) return { edits: [], lost: source.textOf(statement) };
    if (name.bindsTopLevel) {
      if (!bound.has(statement.parent)) lines.push('from tensorflow import keras');
      bound.add(statement.parent);
    } else
      lines.push(
        `from ${moved.slice(0, moved.lastIndexOf('.'))} import ${aliased(moved.slice(moved.lastIndexOf('.') + 1), name.local)}`,
      );
  }
  const unique = [...new Set(lines)];
  if (others.length > 0) unique.unshift(`import ${others.join(', ')}`);
  const owns = ownsItsLines(source, statement);
  if (unique.length === 0 && owns) {
    return {
      edits: [
        {
          start: source.lineStart(source.lineAt(statement.start)),
          end: source.lineStart(source.lineAt(statement.end) + 1),
          text: '',
        },
      ],
    };
  }
  const separator = owns ? `${source.newline}${source.indentation(source.lineAt(statement.start))}` : '; ';
  return {
    edits: [
      { start: statement.start, end: statement.end, text: unique.length === 0 ? 'pass' : unique.join(separator) },
    ],
  };
}

function aliased(name: string, local: string): string {
  return name === local ? name : `${name} as ${local}`;
}

function fromImport(
  module: PythonModule,
  statement: PyNode,
  from: string,
  names: readonly ImportedName[],
): StatementRewrite {
  const { source } = module;
  const place = childByField(statement, 'module_name');
  const below = from === 'keras' ? '' : from.slice('keras.'.length);
  const all = names.map((name) => ({
    written: source.textOf(name.clause),
    to: isCalledModule(module, below, name) ? undefined : destination(below, name),
  }));
  const moving = all.flatMap(({ to }) => (to === undefined ? [] : [to]));
  const star = names.length === 0 ? movedModule(from) : undefined;
  if (place === undefined || (moving.length === 0 && star === undefined))
    return { edits: [], lost: source.textOf(statement) };
  const modules = [...new Set(moving.map((entry) => entry.module))];
  const [first = star] = modules;
  if (first !== undefined && modules.length <= 1 && all.every(({ written, to }) => to?.clause === written)) {
    return { edits: [{ start: place.start, end: place.end, text: first }] };
  }
  const separator = ownsItsLines(source, statement)
    ? `${source.newline}${source.indentation(source.lineAt(statement.start))}`
    : '; ';
  const lines = modules.map(
    (target) =>
      `from ${target} import ${moving
        .filter((entry) => entry.module === target)
        .map((entry) => entry.clause)
        .join(', ')}`,
  );
  const staying = all.filter(({ to }) => to === undefined).map(({ written }) => written);
  const lost = staying.length === 0 ? undefined : `from ${from} import ${staying.join(', ')}`;
  const text = [...(lost === undefined ? [] : [lost]), ...lines].join(separator);
  return { edits: [{ start: statement.start, end: statement.end, text }], ...(lost === undefined ? {} : { lost }) };
}

/** `from keras.layers import merge` and `merge([a, b])`: the function of Keras 1, not the module of that name. */
function isCalledModule(module: PythonModule, below: string, name: ImportedName): boolean {
  if (!KERAS_SUBMODULES.has(`${below}.${name.member ?? ''}`)) return false;
  const bound = childByField(name.clause, 'alias') ?? name.clause.children.at(-1) ?? name.clause;
  return (
    module.scopes.bindingOf(bound)?.reads.some((read) => read.parent?.type === 'call' && read.field === 'function') ===
    true
  );
}

function destination(below: string, name: ImportedName): { module: string; clause: string } | undefined {
  const moved = movedMember(below, name.member ?? '');
  return moved === undefined ? undefined : { module: moved.module, clause: aliased(moved.name, name.local) };
}

/** The findings of a rewrite, one for each statement. */
export function importFindings(
  module: PythonModule,
  migration: string,
  rewrite: ImportRewrite,
): { rewritten: Finding[]; refused: Finding[] } {
  const { source } = module;
  const place = (node: PyNode): Pick<Finding, 'start' | 'end'> => ({
    start: source.position(node.start),
    end: source.position(node.end),
  });
  const base = { migration, api: 'import keras' };
  return {
    rewritten: rewrite.rewritten.map((node) => ({
      ...base,
      ...place(node),
      disposition: 'rewrite',
      message: 'a strategy needs TensorFlow’s Keras; the imports of the whole package move together',
    })),
    refused: rewrite.refused.map(({ node, reason, detail }) => ({
      ...base,
      ...place(node),
      disposition: 'refuse',
      reason,
      message: detail,
    })),
  };
}
