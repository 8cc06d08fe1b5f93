/** Removes the imports of `multi_gpu_model` from a file, and adds the import of TensorFlow. Pure. */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { withoutSharedSeparators } from '../../../edits/shared-separators.js';
import { separatorBefore } from '../../../edits/space-before.js';
import { type ImportedName, importedNames } from '../../analysis/imports.js';
import { ownsItsLines, statementsOf } from '../../analysis/statements.js';
import { keptComments } from '../../edit/kept-comment.js';
import { childByField, childrenByField, closest, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { isLegacyFunction } from '../find/legacy-api.js';
import { wrapperOf } from '../find/wrappers.js';

import { lineOfComments } from './place-scopes.js';

/** The names in any scope of the file that import `multi_gpu_model`, or a wrapper of the project. */
export function legacyImports(project: PythonProject, module: PythonModule): ImportedName[] {
  const found: ImportedName[] = [];
  for (const node of module.source.nodes) {
    if (node.type !== 'import_from_statement') continue;
    for (const name of importedNames(module.source, node)) {
      if (name.member === undefined) continue;
      const bound = childByField(name.clause, 'alias') ?? name.clause.children.at(-1);
      const wraps = (): boolean => bound !== undefined && wrapperOf(project, module, bound) !== undefined;
      if (isLegacyFunction(`${name.module}.${name.member}`) || (!/^(keras|tensorflow)\b/.test(name.module) && wraps()))
        found.push(name);
    }
  }
  return found;
}

/** The import statements that import nothing else, and the `try` statements that contain nothing else. */
export function removableStatements(module: PythonModule, imports: readonly ImportedName[]): Set<PyNode> {
  const statements = new Set<PyNode>();
  for (const { statement } of imports) {
    if (childrenByField(statement, 'name').every((clause) => imports.some((name) => name.clause === clause)))
      statements.add(statement);
  }
  const names = new Set(imports.map(({ local }) => local));
  for (const statement of [...statements]) {
    const attempt = closest(statement, (node) => node.type === 'try_statement');
    if (attempt !== undefined && onlyImports(module, attempt, statements, names)) statements.add(attempt);
  }
  return statements;
}

/** Whether a `try` only imports `multi_gpu_model`, with `None` or another import as its fallback. */
function onlyImports(
  module: PythonModule,
  attempt: PyNode,
  removedStatements: ReadonlySet<PyNode>,
  names: ReadonlySet<string>,
): boolean {
  const blocks = [...descendants(attempt)].filter((node) => node.type === 'block');
  return blocks.every((block) =>
    statementsOf(block).every(
      (statement) =>
        removedStatements.has(statement) ||
        statement.type === 'pass_statement' ||
        names.has(/^(\w+)\s*=\s*None$/.exec(module.source.textOf(statement))?.[1] ?? '') ||
        /^print\b/.test(module.source.textOf(statement)) ||
        (statement.type === 'try_statement' && onlyImports(module, statement, removedStatements, names)),
    ),
  );
}

/** Edits for the imports of a file. */
export function editImports(
  module: PythonModule,
  imports: readonly ImportedName[],
  needsTensorFlow: boolean,
  others: readonly TextEdit[],
): TextEdit[] {
  const { source } = module;
  const edits: TextEdit[] = [];
  const removedStatements = removableStatements(module, imports);
  const outermost = [...removedStatements].filter(
    (node) => closest(node.parent, (parent) => removedStatements.has(parent)) === undefined,
  );
  const firstUse = Math.min(...others.filter(({ text }) => /\btf\./.test(text)).map(({ start }) => start));
  let place = needsTensorFlow ? tensorFlowImport(module, outermost, firstUse) : undefined;
  for (const statement of outermost) {
    if (others.some((edit) => !isIndent(edit) && edit.start < statement.end && statement.start < edit.end)) continue;
    const removed = besideOthers(removeStatement(module, statement), statement, others);
    if (place?.replaces === statement) {
      edits.push({ start: statement.start, end: statement.end, text: 'import tensorflow as tf' });
      place = undefined;
    } else if (isFirstOfEmptiedBlock(statement, outermost)) {
      edits.push({ start: statement.start, end: statement.end, text: 'pass' });
    } else {
      edits.push(removed);
    }
  }
  for (const statement of new Set(imports.map((name) => name.statement))) {
    if (removedStatements.has(statement)) continue;
    const removed = imports.filter((name) => name.statement === statement).map((name) => name.clause);
    edits.push(...removeClauses(statement, removed));
  }
  if (place !== undefined) {
    const apart = /^(def|class|@)\b/.test(source.text.slice(place.before)) ? source.newline.repeat(2) : '';
    const line = `${source.indentation(source.lineAt(place.before))}import tensorflow as tf${source.newline}${apart}`;
    const start = source.lineStart(source.lineAt(place.before));
    edits.push({ start, end: start, text: line });
  }
  return withoutSharedSeparators(source.text, edits);
}

/** Whether an edit only indents a line. */
export function isIndent({ start, end, text }: TextEdit): boolean {
  return start === end && !/\S|\n/.test(text);
}

/** Where to write the import of TensorFlow. */
interface TensorFlowImport {
  /** The removed import that it replaces. */
  readonly replaces?: PyNode;
  /** Otherwise, the offset at which to insert it. */
  readonly before: number;
}

/** Replaces a removed import at the top of the file, or inserts the import before the first one; above `firstUse`. */
function tensorFlowImport(module: PythonModule, removed: readonly PyNode[], firstUse: number): TensorFlowImport {
  const statements = statementsOf(module.source.root);
  const [firstStatement] = statements.filter((statement) => !isHeader(statement));
  const top = removed.find(
    (statement) =>
      statement.parent === module.source.root &&
      statement.type === 'import_from_statement' &&
      ownsItsLines(module.source, statement) &&
      statement.start < firstUse,
  );
  if (top !== undefined && (firstStatement === undefined || !isDefinedBefore(firstStatement, top)))
    return { replaces: top, before: top.start };
  const imports = statements.filter(
    (statement) =>
      (statement.type === 'import_statement' || statement.type === 'import_from_statement') &&
      statement.start < firstUse,
  );
  const kerasImport = imports.find((statement) =>
    /^(from|import)\s+(keras|tensorflow)\b/.test(module.source.textOf(statement)),
  );
  const anchor = kerasImport ?? imports[0] ?? firstStatement ?? statements.at(-1);
  if (anchor === undefined) return { before: 0 };
  // Comments above the first statement describe the file; later ones describe the import below them.
  const { source } = module;
  const before =
    anchor === statements[0] || !imports.includes(anchor)
      ? anchor.start
      : source.lineStart(lineOfComments(module, source.lineAt(anchor.start)));
  // A scope around a statement begins above its comments.
  return { before: Math.min(before, firstUse) };
}

function isDefinedBefore(first: PyNode, statement: PyNode): boolean {
  return (
    /^(function|class|decorated)_definition$/.test(first.type) &&
    first.end < statement.start &&
    first.start < statement.start
  );
}

function isHeader(statement: PyNode): boolean {
  return (
    statement.type === 'future_import_statement' ||
    (statement.type === 'expression_statement' && namedChildren(statement)[0]?.type === 'string')
  );
}

/** Whether a block loses all its statements, and this is the first one, which `pass` has to replace. */
export function isFirstOfEmptiedBlock(statement: PyNode, removed: readonly PyNode[]): boolean {
  if (statement.parent?.type !== 'block') return false;
  const [first, ...others] = statementsOf(statement.parent);
  return first === statement && others.every((other) => removed.includes(other));
}

function removeStatement(module: PythonModule, statement: PyNode): TextEdit {
  const { source } = module;
  if (!ownsItsLines(source, statement)) {
    const after = /^[ \t]*;[ \t]*/.exec(source.text.slice(statement.end))?.[0].length ?? 0;
    const before = after > 0 ? 0 : separatorBefore(source.text, statement.start);
    return { start: statement.start - before, end: statement.end + after, text: '' };
  }
  const start = source.lineStart(source.lineAt(statement.start));
  const end = source.lineStart(source.lineAt(statement.end) + 1);
  const indentation = source.indentation(source.lineAt(statement.start));
  const comments = keptComments(source, start, end).map((comment) => indentation + comment + source.newline);
  return { start, end, text: comments.join('') };
}

/** A removal without the separator of a statement beside it, if that one is removed with its separator. */
function besideOthers(removal: TextEdit, { start, end }: PyNode, others: readonly TextEdit[]): TextEdit {
  const isTaken = others.some((edit) => !isIndent(edit) && edit.start < removal.end && removal.start < edit.end);
  return isTaken ? { ...removal, start, end } : removal;
}

/** Removes names from `from m import a, b, c`. */
function removeClauses(statement: PyNode, removed: readonly PyNode[]): TextEdit[] {
  const clauses = childrenByField(statement, 'name');
  const edits: TextEdit[] = [];
  clauses.forEach((clause, index) => {
    if (!removed.includes(clause)) return;
    const next = clauses[index + 1];
    const previous = clauses.slice(0, index).findLast((candidate) => !removed.includes(candidate));
    if (next !== undefined) edits.push({ start: clause.start, end: next.start, text: '' });
    else if (previous !== undefined) {
      const from = clauses.slice(0, index).at(-1) === previous ? previous.end : clause.start;
      edits.push({ start: from, end: clause.end, text: '' });
    }
  });
  return edits;
}
