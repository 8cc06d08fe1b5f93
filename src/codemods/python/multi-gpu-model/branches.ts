/**
 * Tidies an `if` or `try` once the wrap has left it: statements that both arms end with move behind it, and an
 * arm that is left empty goes. Nothing else of the branch changes.
 */
import { type PythonModule } from '../analysis/module.js';
import { type LineEditor } from '../edit/line-editor.js';
import { type PyNode, childByField } from '../syntax/node.js';
import { type FlatStatement } from './flatten.js';
import { negate } from './strategy-expression.js';

/** One arm of a branch after the wrap is gone. */
export interface Arm {
  /** The `if`, `elif` or `else` clause; the statement itself for the first arm. */
  readonly clause: PyNode;
  readonly block: PyNode;
  /** The statements that stay. */
  readonly kept: readonly FlatStatement[];
}

/** The result: what still stands in the branch, and what now stands behind it. */
export interface TidiedBranch {
  readonly removed: boolean;
  /** Statements that moved out, which now belong to the surrounding block. */
  readonly released: readonly FlatStatement[];
}

/**
 * @param normalise The text of a statement with the two model names made one.
 */
export function tidyIf(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  arms: readonly [Arm] | readonly [Arm, Arm],
  normalise: (statement: FlatStatement) => string,
): TidiedBranch {
  const { source } = module;
  const [first, second] = arms;
  let suffix = 0;
  if (second !== undefined) {
    while (
      suffix < first.kept.length &&
      suffix < second.kept.length &&
      normalise(first.kept[first.kept.length - 1 - suffix] as FlatStatement) === normalise(second.kept[second.kept.length - 1 - suffix] as FlatStatement)
    ) {
      suffix++;
    }
  }
  const firstLeft = first.kept.slice(0, first.kept.length - suffix);
  const secondLeft = second === undefined ? [] : second.kept.slice(0, second.kept.length - suffix);
  const released = second === undefined ? [] : second.kept.slice(second.kept.length - suffix);
  for (const { node } of first.kept.slice(first.kept.length - suffix)) removeWithComments(module, editor, node, first.block);
  for (const { node } of released) release(module, editor, node, statement, (second as Arm).block);
  const header = source.lineAt(statement.start);
  const headerEnd = source.lineAt(colonOf(statement));
  const elseLine = second === undefined ? undefined : source.lineAt(second.clause.start);
  if (firstLeft.length === 0 && secondLeft.length === 0) {
    editor.deleteLines(header, headerEnd);
    if (elseLine !== undefined) editor.deleteLines(elseLine, elseLine);
    releaseComments(module, editor, first.block, statement);
    return { removed: true, released };
  }
  if (firstLeft.length === 0 && second !== undefined) {
    const condition = childByField(statement, 'condition');
    if (condition !== undefined) editor.replace(condition.start, condition.end, negate(source.textOf(condition)));
    if (elseLine !== undefined) editor.deleteLines(elseLine, elseLine);
  } else if (second !== undefined && secondLeft.length === 0 && elseLine !== undefined) {
    editor.deleteLines(elseLine, elseLine);
  }
  return { removed: false, released };
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
    if (isComment(source.lineText(line)) && !editor.isDeleted(line)) editor.dedent(line, line, Math.max(0, source.indentation(line).length - outer));
  }
}

function isComment(text: string): boolean {
  return text.trimStart().startsWith('#');
}

/** The offset of the colon that ends a statement's header. */
export function colonOf(statement: PyNode): number {
  return statement.children.find((child) => child.type === ':')?.start ?? statement.start;
}
