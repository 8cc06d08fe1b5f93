/**
 * Tidies an `if` that has lost its wrap: statements about the model that both arms share move out of it, and an empty
 * arm is removed. The rest of the branch stays as it is. Collects edits.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { FlatStatement } from '../model/flatten-device-scopes.js';

import { statementsOf } from '../../analysis/statements.js';
import { childByField, type PyNode } from '../../syntax/node.js';
import { negate } from '../strategy/negate.js';

import { lineOfComments } from './place-scopes.js';

/** One arm of a branch without the wrap. */
export interface Arm {
  /** The `if`, `elif` or `else` clause; the statement itself for the first arm. */
  readonly clause: PyNode;
  readonly block: PyNode;
  /** The statements that stay. */
  readonly kept: readonly FlatStatement[];
}

/** What happens to the branch and its statements. */
export interface TidiedBranch {
  /** Whether the whole branch is removed. */
  readonly removed: boolean;
  /** Statements that move out above the branch: they run in either case. */
  readonly before: readonly FlatStatement[];
  /** Statements that move out below the branch. */
  readonly after: readonly FlatStatement[];
  /** The same statements in the other arm, which are removed. */
  readonly duplicates: readonly FlatStatement[];
}

/**
 * Tidies one `if` statement.
 *
 * @param module - The file.
 * @param editor - Collects the edits.
 * @param statement - The `if` statement.
 * @param arms - Its arms: `if` alone, or `if` and `else`.
 * @param normalize - The text of a statement with one name for both models.
 * @param mayPrecede - Whether a statement may run before the condition is evaluated.
 * @param isAboutModel - Whether a statement builds the model; other statements only move when these do.
 * @returns What happens to the branch.
 */
export function tidyIf(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  arms: readonly [Arm] | readonly [Arm, Arm],
  normalize: (statement: FlatStatement) => string,
  mayPrecede: (statement: FlatStatement) => boolean,
  isAboutModel: (statement: FlatStatement) => boolean = () => true,
): TidiedBranch {
  const { source } = module;
  const [first, second] = arms;
  const ends =
    second === undefined
      ? { prefix: 0, suffix: 0 }
      : neededEnds(first.kept, second.kept, commonEnds(first.kept, second.kept, normalize, mayPrecede), isAboutModel);
  const { suffix } = ends;
  // What is left would need a scope between the header that moves down and the statements that move out.
  const buildsMore = arms.some(({ kept }) => kept.slice(ends.prefix, kept.length - suffix).some(isAboutModel));
  const prefix = buildsMore ? 0 : ends.prefix;
  const inner = (arm: Arm | undefined): readonly FlatStatement[] =>
    arm?.kept.slice(prefix, arm.kept.length - suffix) ?? [];
  const [firstLeft, secondLeft] = [inner(first), inner(second)];
  const before = first.kept.slice(0, prefix);
  const after = second === undefined ? [] : second.kept.slice(second.kept.length - suffix);
  const duplicates =
    second === undefined ? [] : [...second.kept.slice(0, prefix), ...first.kept.slice(first.kept.length - suffix)];
  if (second !== undefined) {
    for (const { node } of second.kept.slice(0, prefix)) removeWithComments(module, editor, node, second.block);
    for (const { node } of first.kept.slice(first.kept.length - suffix))
      removeWithComments(module, editor, node, first.block);
    for (const { node } of after) moveOut(module, editor, node, statement, second.block);
    for (const { node } of before) moveOut(module, editor, node, statement, first.block);
  }
  const header = source.lineAt(statement.start);
  const headerEnd = source.lineAt(colonOf(statement));
  const elseLine = second === undefined ? undefined : source.lineAt(second.clause.start);
  if (firstLeft.length === 0) deletePasses(editor, first);
  if (second !== undefined && secondLeft.length === 0) deletePasses(editor, second);
  if (firstLeft.length === 0 && secondLeft.length === 0) {
    editor.deleteHeader(header, endOfHeader(module, headerEnd, first.block));
    if (elseLine !== undefined) editor.deleteHeader(elseLine, endOfHeader(module, elseLine, second?.block));
    moveCommentsOut(module, editor, first.block, statement);
    return { removed: true, before, after, duplicates };
  }
  const negated = firstLeft.length === 0 && second !== undefined;
  const [rest] = negated ? secondLeft : firstLeft;
  if (prefix > 0 && rest !== undefined) {
    moveHeader(module, editor, statement, header, headerEnd, source.lineAt(rest.node.start), negated);
  } else if (negated) {
    const condition = childByField(statement, 'condition');
    if (condition !== undefined) editor.replace(condition.start, condition.end, negate(source.textOf(condition)));
  }
  if (elseLine !== undefined && (negated || secondLeft.length === 0)) editor.deleteHeader(elseLine);
  return { removed: false, before, after, duplicates };
}

/** An arm without statements of its own needs no `pass` any more. */
function deletePasses(editor: LineEditor, { block }: Arm): void {
  for (const node of statementsOf(block)) if (node.type === 'pass_statement') editor.deleteStatement(node);
}

/** A block that begins on the line of its header goes with it, also where it goes on below. */
function endOfHeader({ source }: PythonModule, headerEnd: number, block: PyNode | undefined): number {
  return block !== undefined && source.lineAt(block.start) === headerEnd ? source.lineAt(block.end) : headerEnd;
}

/** How many statements both arms begin with, and end with. */
function commonEnds(
  first: readonly FlatStatement[],
  second: readonly FlatStatement[],
  normalize: (statement: FlatStatement) => string,
  mayPrecede: (statement: FlatStatement) => boolean,
): CommonEnds {
  const shorter = Math.min(first.length, second.length);
  const same = (a: FlatStatement | undefined, b: FlatStatement | undefined): boolean =>
    a !== undefined && b !== undefined && normalize(a) === normalize(b);
  let suffix = 0;
  while (suffix < shorter && same(first[first.length - 1 - suffix], second[second.length - 1 - suffix])) suffix++;
  let prefix = 0;
  for (const statement of first.slice(0, shorter - suffix)) {
    if (!same(statement, second[prefix]) || !mayPrecede(statement)) break;
    prefix++;
  }
  return { prefix, suffix };
}

interface CommonEnds {
  readonly prefix: number;
  readonly suffix: number;
}

/**
 * The part of the common ends that has to move: all of it when an arm becomes empty, else only up to statements about
 * the model.
 */
function neededEnds(
  first: readonly FlatStatement[],
  second: readonly FlatStatement[],
  { prefix, suffix }: CommonEnds,
  isAboutModel: (statement: FlatStatement) => boolean,
): CommonEnds {
  if (prefix + suffix >= Math.min(first.length, second.length)) return { prefix, suffix };
  const tail = second.slice(second.length - suffix);
  const begins = tail.findIndex(isAboutModel);
  return {
    prefix: first.slice(0, prefix).findLastIndex(isAboutModel) + 1,
    suffix: begins === -1 ? 0 : suffix - begins,
  };
}

/** Statements that move out above the branch take the place of its header, which moves down to the rest of the arm. */
function moveHeader(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  header: number,
  headerEnd: number,
  line: number,
  negated: boolean,
): void {
  const { source } = module;
  const condition = childByField(statement, 'condition');
  const text = source.text.slice(statement.start, source.lineStart(headerEnd + 1)).trimEnd();
  const isNegated = negated && condition !== undefined;
  const own = isNegated ? `if ${negate(source.textOf(condition))}:` : text;
  if (isNegated) editor.deleteHeader(header, headerEnd);
  else editor.deleteLines(header, headerEnd);
  editor.insertAbove(lineOfComments(module, line), own, source.indentation(source.lineAt(statement.start)));
}

/** Deletes the lines of a statement, with the comments directly above it in the same block. */
function removeWithComments(module: PythonModule, editor: LineEditor, node: PyNode, block: PyNode): void {
  const { source } = module;
  const first = source.lineAt(node.start);
  editor.deleteLines(first, source.lineAt(node.end));
  for (let line = first - 1; line > source.lineAt(block.start) - 1; line--) {
    if (source.lineText(line).trim() !== '') break;
    editor.deleteLines(line, line);
  }
}

function moveOut(module: PythonModule, editor: LineEditor, node: PyNode, statement: PyNode, block: PyNode): void {
  const { source } = module;
  const first = source.lineAt(node.start);
  const outer = source.indentation(source.lineAt(statement.start)).length;
  const width = source.indentation(source.lineAt(block.start)).length - outer;
  editor.dedent(first, source.lineAt(node.end), width);
  for (let line = first - 1; line > source.lineAt(statement.start) && isComment(source.lineText(line)); line--) {
    editor.dedent(line, line, Math.min(width, source.indentation(line).length - outer));
  }
}

/** Moves the comments of a removed arm out of the branch. */
function moveCommentsOut(module: PythonModule, editor: LineEditor, block: PyNode, statement: PyNode): void {
  const { source } = module;
  const outer = source.indentation(source.lineAt(statement.start)).length;
  for (let line = source.lineAt(colonOf(statement)) + 1; line <= source.lineAt(block.end); line++) {
    if (isComment(source.lineText(line)) && !editor.isDeleted(line))
      editor.dedent(line, line, Math.max(0, source.indentation(line).length - outer));
  }
}

function isComment(text: string): boolean {
  return text.trimStart().startsWith('#');
}

/** The offset of the colon that ends a statement's header. */
function colonOf(statement: PyNode): number {
  return statement.children.find((child) => child.type === ':')?.start ?? statement.start;
}
