/**
 * Tidies an `if` or `try` once the wrap has left it: what both arms say of the model moves out of it, and an
 * arm that is left empty goes. Nothing else of the branch changes.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { FlatStatement } from '../model/flatten.js';

import { childByField, type PyNode } from '../../syntax/node.js';
import { negate } from '../strategy/strategy-expression.js';

import { lineOfComments } from './place-scopes.js';

/** One arm of a branch after the wrap is gone. */
export interface Arm {
  /** The `if`, `elif` or `else` clause; the statement itself for the first arm. */
  readonly clause: PyNode;
  readonly block: PyNode;
  /** The statements that stay. */
  readonly kept: readonly FlatStatement[];
}

/** The result: what stands before the branch now, whether anything is left in it, what stands behind it. */
export interface TidiedBranch {
  readonly removed: boolean;
  /** Statements that moved out in front; they are done whichever way the condition goes. */
  readonly before: readonly FlatStatement[];
  /** Statements that moved out behind. */
  readonly released: readonly FlatStatement[];
  /** The twins of both in the other arm, which are gone. */
  readonly dropped: readonly FlatStatement[];
}

/**
 * @param normalise The text of a statement with the two model names made one.
 * @param mayPrecede Whether a statement may run before the condition is evaluated.
 * @param concerns Whether a statement is about the building of the model; others only move along.
 */
export function tidyIf(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  arms: readonly [Arm] | readonly [Arm, Arm],
  normalise: (statement: FlatStatement) => string,
  mayPrecede: (statement: FlatStatement) => boolean,
  concerns: (statement: FlatStatement) => boolean = () => true,
): TidiedBranch {
  const { source } = module;
  const [first, second] = arms;
  const { prefix, suffix } =
    second === undefined
      ? { prefix: 0, suffix: 0 }
      : neededEnds(first.kept, second.kept, commonEnds(first.kept, second.kept, normalise, mayPrecede), concerns);
  const inner = (arm: Arm | undefined): readonly FlatStatement[] =>
    arm?.kept.slice(prefix, arm.kept.length - suffix) ?? [];
  const [firstLeft, secondLeft] = [inner(first), inner(second)];
  const before = first.kept.slice(0, prefix);
  const released = second === undefined ? [] : second.kept.slice(second.kept.length - suffix);
  const dropped =
    second === undefined ? [] : [...second.kept.slice(0, prefix), ...first.kept.slice(first.kept.length - suffix)];
  if (second !== undefined) {
    for (const { node } of second.kept.slice(0, prefix)) removeWithComments(module, editor, node, second.block);
    for (const { node } of first.kept.slice(first.kept.length - suffix))
      removeWithComments(module, editor, node, first.block);
    for (const { node } of released) release(module, editor, node, statement, second.block);
    for (const { node } of before) release(module, editor, node, statement, first.block);
  }
  const header = source.lineAt(statement.start);
  const headerEnd = source.lineAt(colonOf(statement));
  const elseLine = second === undefined ? undefined : source.lineAt(second.clause.start);
  if (firstLeft.length === 0 && secondLeft.length === 0) {
    editor.deleteLines(header, headerEnd);
    if (elseLine !== undefined) editor.deleteLines(elseLine, elseLine);
    releaseComments(module, editor, first.block, statement);
    return { removed: true, before, released, dropped };
  }
  const negated = firstLeft.length === 0 && second !== undefined;
  if (prefix > 0) {
    const rest = (negated ? secondLeft[0] : firstLeft[0]) as FlatStatement;
    moveHeader(module, editor, statement, header, headerEnd, source.lineAt(rest.node.start), negated);
  } else if (negated) {
    const condition = childByField(statement, 'condition');
    if (condition !== undefined) editor.replace(condition.start, condition.end, negate(source.textOf(condition)));
  }
  if (elseLine !== undefined && (negated || secondLeft.length === 0)) editor.deleteLines(elseLine, elseLine);
  return { removed: false, before, released, dropped };
}

/** How many statements both arms begin with, and end with. */
function commonEnds(
  first: readonly FlatStatement[],
  second: readonly FlatStatement[],
  normalise: (statement: FlatStatement) => string,
  mayPrecede: (statement: FlatStatement) => boolean,
): CommonEnds {
  const shorter = Math.min(first.length, second.length);
  const same = (a: FlatStatement | undefined, b: FlatStatement | undefined): boolean =>
    a !== undefined && b !== undefined && normalise(a) === normalise(b);
  let suffix = 0;
  while (suffix < shorter && same(first[first.length - 1 - suffix], second[second.length - 1 - suffix])) suffix++;
  let prefix = 0;
  while (prefix < shorter - suffix && same(first[prefix], second[prefix]) && mayPrecede(first[prefix] as FlatStatement))
    prefix++;
  return { prefix, suffix };
}

interface CommonEnds {
  readonly prefix: number;
  readonly suffix: number;
}

/** As much of the ends as has to move: all when the branch goes or loses an arm, else from and up to what is about the model. */
function neededEnds(
  first: readonly FlatStatement[],
  second: readonly FlatStatement[],
  { prefix, suffix }: CommonEnds,
  concerns: (statement: FlatStatement) => boolean,
): CommonEnds {
  if (prefix + suffix >= Math.min(first.length, second.length)) return { prefix, suffix };
  const tail = second.slice(second.length - suffix);
  const begins = tail.findIndex(concerns);
  return { prefix: first.slice(0, prefix).findLastIndex(concerns) + 1, suffix: begins === -1 ? 0 : suffix - begins };
}

/** The statements that came out in front stand where the header was; it goes down to what is left. */
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
  const own = negated && condition !== undefined ? `if ${negate(source.textOf(condition))}:` : text;
  editor.deleteLines(header, headerEnd);
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

function release(module: PythonModule, editor: LineEditor, node: PyNode, statement: PyNode, block: PyNode): void {
  const { source } = module;
  const first = source.lineAt(node.start);
  const outer = source.indentation(source.lineAt(statement.start)).length;
  const width = source.indentation(source.lineAt(block.start)).length - outer;
  editor.dedent(first, source.lineAt(node.end), width);
  for (let line = first - 1; line > source.lineAt(statement.start) && isComment(source.lineText(line)); line--) {
    editor.dedent(line, line, Math.min(width, source.indentation(line).length - outer));
  }
}

/** Comments of an arm that is gone move out with the statement that follows. */
function releaseComments(module: PythonModule, editor: LineEditor, block: PyNode, statement: PyNode): void {
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
