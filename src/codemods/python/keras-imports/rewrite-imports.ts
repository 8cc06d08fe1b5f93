/** Rewrites the imports of standalone Keras in one file to TensorFlow's Keras. */
import type { Finding, TextEdit } from '../../result.js';
import { RefusalReason } from '../../refusal-reason.js';
import { type ImportedName, importedNames, moduleOf } from '../analysis/imports.js';
import type { PythonModule } from '../analysis/module.js';
import { ownsItsLines } from '../analysis/statements.js';
import { type PyNode, childByField, descendants } from '../syntax/node.js';
import { KERAS_MODULES, KERAS_NAMES, KERAS_SUBMODULES, KERAS_WITHOUT_COUNTERPART } from './module-table.js';

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
  // Blocks in which `keras` is bound already: `import keras` and `import keras.layers` become the same line.
  const bound = new Set<PyNode | undefined>();
  for (const statement of descendants(module.source.root)) {
    if (statement.type !== 'import_statement' && statement.type !== 'import_from_statement') continue;
    const names = importedNames(module.source, statement);
    const from = statement.type === 'import_from_statement' ? moduleOf(module.source, statement) : undefined;
    const concerns = from === undefined ? names.some((name) => isStandalone(name.module)) : isStandalone(from);
    if (!concerns) continue;
    const text = from === undefined ? plainImport(module, statement, names, bound) : fromImport(module, statement, from, names);
    if (text === undefined) {
      refused.push({ node: statement, reason: RefusalReason.NoReplacement, detail: `“${module.source.textOf(statement)}” has no counterpart in TensorFlow’s Keras` });
    } else {
      edits.push(...text);
      rewritten.push(statement);
    }
  }
  edits.push(...attributeEdits(module));
  return { edits, rewritten, refused };
}

function isStandalone(module: string): boolean {
  return module === 'keras' || module.startsWith('keras.');
}

/** `keras.layers.core` below TensorFlow, or undefined where there is nothing. */
function movedModule(module: string): string | undefined {
  const below = module === 'keras' ? '' : module.slice('keras.'.length);
  if (below === '') return 'tensorflow.keras';
  if (KERAS_WITHOUT_COUNTERPART.some((gone) => below === gone || below.startsWith(`${gone}.`))) return undefined;
  let best: readonly [string, string] | undefined;
  for (const entry of KERAS_MODULES) {
    const fits = below === entry[0] || below.startsWith(`${entry[0]}.`);
    if (fits && (best === undefined || entry[0].length > best[0].length)) best = entry;
  }
  return best === undefined ? undefined : `tensorflow.keras.${best[1]}${below.slice(best[0].length)}`;
}

function plainImport(module: PythonModule, statement: PyNode, names: readonly ImportedName[], bound: Set<PyNode | undefined>): TextEdit[] | undefined {
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
    if (moved === undefined) return undefined;
    if (name.bindsTopLevel) {
      if (!bound.has(statement.parent)) lines.push('from tensorflow import keras');
      bound.add(statement.parent);
    }
    else lines.push(`from ${moved.slice(0, moved.lastIndexOf('.'))} import ${aliased(moved.slice(moved.lastIndexOf('.') + 1), name.local)}`);
  }
  const unique = [...new Set(lines)];
  if (others.length > 0) unique.unshift(`import ${others.join(', ')}`);
  const owns = ownsItsLines(source, statement);
  if (unique.length === 0 && owns) {
    return [{ start: source.lineStart(source.lineAt(statement.start)), end: source.lineStart(source.lineAt(statement.end) + 1), text: '' }];
  }
  const separator = owns ? `${source.newline}${source.indentation(source.lineAt(statement.start))}` : '; ';
  return [{ start: statement.start, end: statement.end, text: unique.length === 0 ? 'pass' : unique.join(separator) }];
}

function aliased(name: string, local: string): string {
  return name === local ? name : `${name} as ${local}`;
}

function fromImport(module: PythonModule, statement: PyNode, from: string, names: readonly ImportedName[]): TextEdit[] | undefined {
  const { source } = module;
  const place = childByField(statement, 'module_name');
  if (place === undefined) return undefined;
  const below = from === 'keras' ? '' : from.slice('keras.'.length);
  const destinations = names.map((name) => destination(below, name));
  if (destinations.some((entry) => entry === undefined)) return undefined;
  const modules = new Set(destinations.map((entry) => entry?.module));
  if (names.length === 0 || (modules.size === 1 && destinations.every((entry, index) => entry?.clause === source.textOf((names[index] as ImportedName).clause)))) {
    const moved = names.length === 0 ? movedModule(from) : destinations[0]?.module;
    return moved === undefined ? undefined : [{ start: place.start, end: place.end, text: moved }];
  }
  const separator = ownsItsLines(source, statement) ? `${source.newline}${source.indentation(source.lineAt(statement.start))}` : '; ';
  const lines = [...modules].map((target) => {
    const clauses = destinations.filter((entry) => entry?.module === target).map((entry) => entry?.clause);
    return `from ${target} import ${clauses.join(', ')}`;
  });
  return [{ start: statement.start, end: statement.end, text: lines.join(separator) }];
}

function destination(below: string, name: ImportedName): { module: string; clause: string } | undefined {
  const member = name.member ?? '';
  const path = below === '' ? member : `${below}.${member}`;
  const clause = aliased(member, name.local);
  if (KERAS_WITHOUT_COUNTERPART.includes(path)) return undefined;
  const own = KERAS_NAMES.get(path);
  if (own !== undefined) return { module: `tensorflow.keras.${own}`, clause };
  const submodule = KERAS_SUBMODULES.get(path);
  if (submodule !== undefined) return { module: 'tensorflow.keras', clause: aliased(submodule[1], name.local) };
  if (below === '' && KERAS_MODULES.some(([old, moved]) => old === member && moved !== member)) {
    const moved = movedModule(`keras.${member}`) ?? '';
    return { module: 'tensorflow.keras', clause: aliased(moved.slice(moved.lastIndexOf('.') + 1), name.local) };
  }
  const moved = movedModule(below === '' ? 'keras' : `keras.${below}`);
  return moved === undefined ? undefined : { module: moved, clause };
}

/** `keras.layers.core.Dense` through the module: the submodule goes. */
function attributeEdits(module: PythonModule): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const node of descendants(module.source.root)) {
    if (node.type !== 'attribute' || node.parent?.type !== 'attribute') continue;
    const origin = module.origins.single(node);
    if (origin === undefined || !isStandalone(origin)) continue;
    const below = origin.slice('keras.'.length);
    const object = childByField(node, 'object');
    const submodule = KERAS_SUBMODULES.get(below);
    if (object === undefined || submodule === undefined || module.origins.single(object) !== `keras.${submodule[1]}`) continue;
    edits.push({ start: object.end, end: node.end, text: '' });
  }
  return edits;
}

/** The findings of a rewrite, one for each statement. */
export function importFindings(module: PythonModule, migration: string, rewrite: ImportRewrite): { rewritten: Finding[]; refused: Finding[] } {
  const { source } = module;
  const place = (node: PyNode): Pick<Finding, 'start' | 'end'> => ({ start: source.position(node.start), end: source.position(node.end) });
  const base = { migration, api: 'import keras' };
  return {
    rewritten: rewrite.rewritten.map((node) => ({
      ...base,
      ...place(node),
      disposition: 'rewrite',
      message: 'a strategy needs TensorFlow’s Keras; the imports of the whole package move together',
    })),
    refused: rewrite.refused.map(({ node, reason, detail }) => ({ ...base, ...place(node), disposition: 'refuse', reason, message: detail })),
  };
}
