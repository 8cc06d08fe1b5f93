/**
 * Arranges statements into `with strategy.scope():` blocks, in place: what builds and compiles goes in, what
 * trains stays out, short stretches in between come along so that one block does not become five.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { innerBlocks, isDefinition, isLoop, ownsItsLines } from '../../analysis/statements.js';
import { contains, type PyNode } from '../../syntax/node.js';
import { type FlatStatement, flatten } from '../model/flatten.js';
import { Refusal } from '../refusal.js';

/** More lines than this between two parts of a model and they get a scope each. */
const LONGEST_GAP_IN_LINES = 6;

/** What the arrangement has to know about each statement. */
export interface Placement {
  /** Statements that must run in the scope. */
  readonly inside: (statement: PyNode) => boolean;
  /** Statements that train, evaluate, predict or save. */
  readonly outside: (statement: PyNode) => boolean;
  /** Statements about the model, which come along however long they are. */
  readonly concerns: (statement: PyNode) => boolean;
  readonly dissolves: (statement: PyNode) => boolean;
  /** The text that enters the scope, e.g. `strategy.scope()`. */
  readonly scope: string;
}

interface Run {
  readonly first: number;
  readonly last: number;
}

/** Puts the scopes into a list of statements; recurses into branches that build as well as train. */
export function placeScopes(
  module: PythonModule,
  editor: LineEditor,
  statements: readonly FlatStatement[],
  placement: Placement,
): void {
  for (const run of runsOf(module, editor, statements, placement)) {
    const members = statements.slice(run.first, run.last + 1);
    const [only] = members;
    if (members.length === 1 && only !== undefined && placement.outside(only.node)) {
      descend(module, editor, only.node, placement);
      continue;
    }
    wrapRun(module, editor, members, placement.scope);
  }
}

function descend(module: PythonModule, editor: LineEditor, statement: PyNode, placement: Placement): void {
  const blocks = innerBlocks(statement);
  if (blocks.length === 0) {
    throw new Refusal(RefusalReason.EvaluationOrder, 'one statement both builds or compiles the model and trains it');
  }
  for (const block of blocks) placeScopes(module, editor, flatten(module, block, placement.dissolves), placement);
}

function runsOf(
  module: PythonModule,
  editor: LineEditor,
  statements: readonly FlatStatement[],
  placement: Placement,
): Run[] {
  const runs: Run[] = [];
  statements.forEach(({ node }, index) => {
    if (!placement.inside(node)) return;
    const mixed = placement.outside(node);
    const previous = runs.at(-1);
    const previousMixed =
      previous !== undefined && placement.outside((statements[previous.last] as FlatStatement).node);
    if (
      !mixed &&
      previous !== undefined &&
      !previousMixed &&
      mayComeAlong(module, editor, statements, previous.last, index, placement)
    ) {
      runs[runs.length - 1] = { first: previous.first, last: index };
    } else {
      runs.push({ first: index, last: index });
    }
  });
  return runs;
}

function mayComeAlong(
  module: PythonModule,
  editor: LineEditor,
  statements: readonly FlatStatement[],
  from: number,
  to: number,
  placement: Placement,
): boolean {
  const gap = statements.slice(from + 1, to).map(({ node }) => node);
  const { source } = module;
  if (!source.sameCell((statements[from] as FlatStatement).node.start, (statements[to] as FlatStatement).node.start))
    return false;
  if (gap.length === 0) return true;
  let lines = 0;
  for (const node of gap) {
    if (placement.concerns(node)) continue;
    for (let line = source.lineAt(node.start); line <= source.lineAt(node.end); line++)
      if (!editor.isDeleted(line)) lines++;
  }
  if (lines > LONGEST_GAP_IN_LINES) return false;
  return gap.every(
    (node) =>
      !placement.outside(node) && !isDefinition(node) && !isLoop(node) && !/^(import|future_import)/.test(node.type),
  );
}

function wrapRun(module: PythonModule, editor: LineEditor, members: readonly FlatStatement[], scope: string): void {
  const { source } = module;
  const first = members[0] as FlatStatement;
  for (const { node } of members) {
    if (!ownsItsLines(source, node))
      throw new Refusal(RefusalReason.SharedLine, 'several statements share a line here');
    // Whoever runs meanwhile would build in the scope, too, and scopes would close in another order than they opened.
    if (suspends(node))
      throw new Refusal(
        RefusalReason.EvaluationOrder,
        'the function yields or awaits between the building and the compiling of the model',
      );
  }
  const header = firstLineOf(module, first);
  editor.insertBefore(header, `with ${scope}:`);
  let top = lineOfComments(module, source.lineAt(first.node.start));
  if (first.devices.length > 0) top = Math.max(top, source.lineAt((first.devices[0] as PyNode).start));
  const last = members.at(-1) as FlatStatement;
  editor.indent(Math.min(top, header), source.lineAt(last.node.end));
}

/** Whether a statement hands control to somebody else in its middle. */
function suspends(node: PyNode): boolean {
  if (isDefinition(node) || node.type === 'lambda') return false;
  return node.type === 'yield' || node.type === 'await' || node.children.some(suspends);
}

/** The line before which something that precedes a statement goes: above its comments and device scopes. */
export function firstLineOf(module: PythonModule, statement: FlatStatement): number {
  const device = statement.devices.find(
    (candidate) => contains(candidate, statement.node) && isFirstIn(candidate, statement.node),
  );
  const anchor = device ?? statement.node;
  return lineOfComments(module, module.source.lineAt(anchor.start));
}

function isFirstIn(device: PyNode, node: PyNode): boolean {
  const block = device.children.find((child) => child.type === 'block');
  return block !== undefined && block.start === node.start;
}

/** The first of the comment lines that stand directly above a line, indented like it. */
export function lineOfComments(module: PythonModule, line: number): number {
  const { source } = module;
  const indentation = source.indentation(line);
  let first = line;
  while (first > 0) {
    const text = source.lineText(first - 1);
    if (!/^\s*#/.test(text) || /^#!|coding[:=]/.test(text) || source.indentation(first - 1) !== indentation) break;
    first--;
  }
  return first;
}
