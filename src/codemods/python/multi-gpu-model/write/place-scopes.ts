/**
 * Puts statements into `with strategy.scope():` blocks: building and compiling go inside, training stays outside, and
 * short stretches in between go inside too, so that one block does not become five. Collects edits.
 */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { innerBlocks, isDefinition, isLoop, ownsItsLines } from '../../analysis/statements.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { contains, type PyNode } from '../../syntax/node.js';
import { type FlatStatement, flattenDeviceScopes } from '../model/flatten-device-scopes.js';
import { clearsSession } from '../model/session-reset.js';

import { liftSessionResets } from './session-resets.js';

/** Two parts of a model that are more lines apart than this get separate scopes. */
const MAX_GAP_LINES = 6;

/** Where each statement has to run. */
export interface Placement {
  /** Statements that must run in the scope. */
  readonly mustBeInside: (statement: PyNode) => boolean;
  /** Statements that train, evaluate, predict or save. */
  readonly mustBeOutside: (statement: PyNode) => boolean;
  /** Statements about the model, which may move inside whatever their length. */
  readonly isAboutModel: (statement: PyNode) => boolean;
  /** Device scopes that the plan removes. */
  readonly removesDevice: (statement: PyNode) => boolean;
  /** The text that enters the scope, e.g. `strategy.scope()`. */
  readonly scope: string;
}

/** A stretch of statements that share one scope, as indexes. */
interface Run {
  readonly first: number;
  readonly last: number;
}

/** Puts the scopes around a list of statements; goes into branches that both build and train. */
export function placeScopes(
  module: PythonModule,
  editor: LineEditor,
  statements: readonly FlatStatement[],
  placement: Placement,
): Refusal | undefined {
  for (const run of runsOf(module, editor, statements, placement)) {
    const members = statements.slice(run.first, run.last + 1);
    const [only] = members;
    const isMixed = members.length === 1 && only !== undefined && placement.mustBeOutside(only.node);
    const refusal = isMixed
      ? placeInBranches(module, editor, only.node, placement)
      : enterScope(module, editor, members, placement.scope);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function placeInBranches(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  placement: Placement,
): Refusal | undefined {
  const blocks = innerBlocks(statement);
  if (blocks.length === 0) return refusalAt(module, REFUSALS.buildsAndTrainsAtOnce, statement);
  for (const block of blocks) {
    const statements = flattenDeviceScopes(module, block, placement.removesDevice);
    const refusal = placeScopes(module, editor, statements, placement);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function runsOf(
  module: PythonModule,
  editor: LineEditor,
  statements: readonly FlatStatement[],
  placement: Placement,
): Run[] {
  const runs: Run[] = [];
  statements.forEach(({ node }, index) => {
    if (!placement.mustBeInside(node)) return;
    const previous = runs.at(-1);
    const last = previous === undefined ? undefined : statements[previous.last];
    if (
      previous !== undefined &&
      last !== undefined &&
      !placement.mustBeOutside(node) &&
      !placement.mustBeOutside(last.node) &&
      canShareScope(module, editor, last.node, statements.slice(previous.last + 1, index), node, placement)
    ) {
      runs[runs.length - 1] = { first: previous.first, last: index };
    } else {
      runs.push({ first: index, last: index });
    }
  });
  return runs;
}

/** Whether two statements can share a scope with everything in between, which has no strategy of its own. */
function canShareScope(
  module: PythonModule,
  editor: LineEditor,
  from: PyNode,
  gap: readonly FlatStatement[],
  to: PyNode,
  placement: Placement,
): boolean {
  const { source } = module;
  if (!source.sameCell(from.start, to.start)) return false;
  let lines = 0;
  for (const { node } of gap) {
    if (placement.isAboutModel(node)) continue;
    for (let line = source.lineAt(node.start); line <= source.lineAt(node.end); line++)
      if (!editor.isDeleted(line)) lines++;
  }
  if (lines > MAX_GAP_LINES) return false;
  return gap.every(
    ({ node }) =>
      !placement.mustBeOutside(node) &&
      !isDefinition(node) &&
      !isLoop(node) &&
      !clearsSession(module, node) &&
      !/\.(scope|\w*Strategy)\(/.test(source.textOf(node)) &&
      !/^(import|future_import)/.test(node.type),
  );
}

function enterScope(
  module: PythonModule,
  editor: LineEditor,
  members: readonly FlatStatement[],
  scope: string,
): Refusal | undefined {
  const { source } = module;
  const [first, last] = [members[0], members.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  for (const { node } of members) {
    if (!ownsItsLines(source, node)) return REFUSALS.sharedLine;
    // Other code that runs in the meantime would build in the scope as well, and scopes would close in the wrong order.
    if (suspends(node)) return refusalAt(module, REFUSALS.suspendsWhileBuilding, node);
  }
  const header = firstLineOf(module, first);
  const refusal = liftSessionResets(
    module,
    editor,
    members.map(({ node }) => node),
    header,
  );
  if (refusal !== undefined) return refusal;
  editor.insertBefore(header, `with ${scope}:`);
  let top = lineOfComments(module, source.lineAt(first.node.start));
  const [device] = first.devices;
  if (device !== undefined) top = Math.max(top, source.lineAt(device.start));
  editor.indent(Math.min(top, header), source.lineAt(last.node.end));
  return undefined;
}

/** Whether a statement lets other code run before it ends. */
function suspends(node: PyNode): boolean {
  if (isDefinition(node) || node.type === 'lambda') return false;
  return node.type === 'yield' || node.type === 'await' || node.children.some(suspends);
}

/** The line above which to insert lines that precede a statement: above its comments and device scopes. */
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

/** The first of the comment lines directly above a line that have the same indentation, in the same cell. */
export function lineOfComments(module: PythonModule, line: number): number {
  const { source } = module;
  const indentation = source.indentation(line);
  let first = line;
  while (first > 0) {
    const text = source.lineText(first - 1);
    if (!/^\s*#/.test(text) || /^#!|coding[:=]/.test(text) || source.indentation(first - 1) !== indentation) break;
    if (!source.sameCell(source.lineStart(first - 1), source.lineStart(line))) break;
    first--;
  }
  return first;
}
