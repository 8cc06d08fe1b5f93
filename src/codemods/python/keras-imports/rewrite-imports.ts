/** Rewrites the imports of standalone Keras in one file to TensorFlow's Keras. Pure. */
import type { Refusal } from '../../refusal.js';
import type { Finding, TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';
import type { PythonSource } from '../syntax/source.js';
import type { StarNames } from './star-names.js';

import { type ImportedName, importedNames, moduleOf } from '../analysis/imports.js';
import { ownsItsLines } from '../analysis/statements.js';
import { REFUSALS } from '../refusal-messages-table.js';
import { childByField, type PyNode } from '../syntax/node.js';

import { KERAS_SUBMODULES } from './module-table.js';
import { isStandalone, movedMember, movedModule } from './moved-path.js';
import { rewriteAttributes } from './rewrite-attributes.js';

/** The edits of one file, and the imports that have no counterpart. */
export interface ImportRewrite {
  readonly edits: readonly TextEdit[];
  readonly rewritten: readonly PyNode[];
  readonly refused: readonly RefusedImport[];
}

/** An import that stays as it is. */
export interface RefusedImport {
  readonly node: PyNode;
  readonly refusal: Refusal;
}

/**
 * Moves every `keras` import of a file.
 *
 * @param module - The file.
 * @param staying - A name whose imports stay as they are, because code that stays uses it.
 * @param starNames - What has to be imported by name beside star imports.
 * @returns The edits, and what was moved and refused.
 */
export function rewriteImports(
  module: PythonModule,
  staying?: string,
  starNames: ReadonlyMap<PyNode, StarNames> = new Map(),
): ImportRewrite {
  const edits: TextEdit[] = [];
  const rewritten: PyNode[] = [];
  const refused: RefusedImport[] = [];
  // Blocks that bind `keras` already: `import keras` and `import keras.layers` become the same line.
  const bound = new Set<PyNode | undefined>();
  for (const statement of module.source.nodes) {
    if (statement.type !== 'import_statement' && statement.type !== 'import_from_statement') continue;
    const names = importedNames(module.source, statement);
    const from = statement.type === 'import_from_statement' ? moduleOf(module.source, statement) : undefined;
    const isAboutKeras = from === undefined ? names.some((name) => isStandalone(name.module)) : isStandalone(from);
    if (!isAboutKeras) continue;
    const { edits: moves, lost } =
      from === undefined
        ? plainImport(module, statement, names, bound)
        : names.length === 0
          ? starImport(module, statement, from, starNames.get(statement))
          : fromImport(module, statement, from, names, staying);
    if (lost !== undefined) refused.push({ node: statement, refusal: REFUSALS.noCounterpart(lost) });
    if ((lost === undefined && !onlyStays(names, staying)) || moves.length > 0) rewritten.push(statement);
    edits.push(...moves);
  }
  const attributes = rewriteAttributes(module);
  if (rewritten.length > 0) edits.push(...attributes.edits);
  for (const node of attributes.lost)
    refused.push({ node, refusal: REFUSALS.noCounterpart(module.source.textOf(node)) });
  return { edits, rewritten, refused };
}

/** The rewrite of one statement. */
interface StatementRewrite {
  readonly edits: readonly TextEdit[];
  /** The part of the import that has no counterpart, as text. */
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
  if (unique.length === 0 && ownsItsLines(source, statement)) {
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
  const separator = separatorFor(source, statement);
  return {
    edits: [
      { start: statement.start, end: statement.end, text: unique.length === 0 ? 'pass' : unique.join(separator) },
    ],
  };
}

function aliased(name: string, local: string): string {
  return name === local ? name : `${name} as ${local}`;
}

function starImport(
  module: PythonModule,
  statement: PyNode,
  from: string,
  { lost = [], elsewhere = [] }: Partial<StarNames> = {},
): StatementRewrite {
  const { source } = module;
  const moved = movedModule(from);
  if (moved === undefined) return { edits: [], lost: source.textOf(statement) };
  const kept = lost.length === 0 ? [] : [`from ${from} import ${lost.join(', ')}`];
  const named = elsewhere.map((each) => `from ${each.module} import ${aliased(each.name, each.local)}`);
  const text = [`from ${moved} import *`, ...named, ...kept].join(separatorFor(source, statement));
  const [written] = kept;
  return {
    edits: [{ start: statement.start, end: statement.end, text }],
    ...(written === undefined ? {} : { lost: written }),
  };
}

/** What comes between the statements that replace one. */
function separatorFor(source: PythonSource, statement: PyNode): string {
  return ownsItsLines(source, statement)
    ? `${source.newline}${source.indentation(source.lineAt(statement.start))}`
    : '; ';
}

function fromImport(
  module: PythonModule,
  statement: PyNode,
  from: string,
  names: readonly ImportedName[],
  staying: string | undefined,
): StatementRewrite {
  if (onlyStays(names, staying)) return { edits: [] };
  const { source } = module;
  const moduleName = childByField(statement, 'module_name');
  const below = from === 'keras' ? '' : from.slice('keras.'.length);
  const all = names.map((name) => ({
    written: source.textOf(name.clause),
    stays: onlyStays([name], staying),
    to: onlyStays([name], staying) || isCalledModule(module, below, name) ? undefined : destination(below, name),
  }));
  const moving = all.flatMap(({ to }) => (to === undefined ? [] : [to]));
  if (moduleName === undefined || moving.length === 0) return { edits: [], lost: source.textOf(statement) };
  const modules = [...new Set(moving.map((entry) => entry.module))];
  const [first] = modules;
  if (first !== undefined && modules.length <= 1 && all.every(({ written, to }) => to?.clause === written)) {
    return { edits: [{ start: moduleName.start, end: moduleName.end, text: first }] };
  }
  const separator = separatorFor(source, statement);
  const lines = modules.map(
    (target) =>
      `from ${target} import ${moving
        .filter((entry) => entry.module === target)
        .map((entry) => entry.clause)
        .join(', ')}`,
  );
  const kept = all.filter(({ to }) => to === undefined);
  const imported = (left: typeof kept): string[] =>
    left.length === 0 ? [] : [`from ${from} import ${left.map(({ written }) => written).join(', ')}`];
  const [lost] = imported(kept.filter(({ stays }) => !stays));
  const text = [...imported(kept), ...lines].join(separator);
  return { edits: [{ start: statement.start, end: statement.end, text }], ...(lost === undefined ? {} : { lost }) };
}

/** Whether an import names nothing but what stays. */
function onlyStays(names: readonly ImportedName[], staying: string | undefined): boolean {
  return staying !== undefined && names.length > 0 && names.every(({ member }) => member === staying);
}

/** Whether code calls an imported module: `merge([a, b])` is the function of Keras 1, not the module of that name. */
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
  const position = (node: PyNode): Pick<Finding, 'start' | 'end'> => ({
    start: source.position(node.start),
    end: source.position(node.end),
  });
  const base = { migration, api: 'import keras' };
  return {
    rewritten: rewrite.rewritten.map((node) => ({
      ...base,
      ...position(node),
      disposition: 'rewrite',
      message: 'a strategy needs TensorFlow’s Keras, so this import moves to it',
    })),
    refused: rewrite.refused.map(({ node, refusal }) => ({
      ...base,
      ...position(node),
      disposition: 'refuse',
      reason: refusal.reason,
      message: refusal.message,
    })),
  };
}
