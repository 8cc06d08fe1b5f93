/** Tidies the branches around a wrap that is removed. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { isPure } from '../../analysis/purity.js';
import { blockOf, branchesOf, ownsItsLines, statementsOf } from '../../analysis/statements.js';
import { assigns, variableOf } from '../../analysis/variables.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { type FlatStatement, flattenDeviceScopes } from '../model/flatten-device-scopes.js';

import { type Arm, type TidiedBranch, tidyIf } from './tidy-if.js';
import { tidyTry } from './tidy-try.js';

/** What the tidying of branches needs to know about the plan. */
export interface BranchReading {
  /** Statements that the plan removes. */
  readonly removedStatements: ReadonlySet<PyNode>;
  readonly removesDevice: (statement: PyNode) => boolean;
  /** The text of a statement with one name for both models. */
  readonly normalize: (statement: FlatStatement) => string;
  readonly isAboutModel: (statement: FlatStatement) => boolean;
}

/** Tidies the outermost `if` around a wrap. An `elif`, or a third arm, only keeps its empty arms valid. */
export function tidyOutermostIf(
  module: PythonModule,
  editor: LineEditor,
  statement: FlatStatement,
  reading: BranchReading,
): TidiedBranch | Refusal {
  const { removedStatements, removesDevice, normalize, isAboutModel } = reading;
  const branches = branchesOf(statement.node);
  const arms: Arm[] = branches.map(({ clause, block }) => ({
    clause,
    block,
    kept: flattenDeviceScopes(module, block, removesDevice).filter(
      ({ node }) => !removedStatements.has(node) && node.type !== 'pass_statement',
    ),
  }));
  const [first, second] = arms;
  const isPlain = branches.every((branch, index) => branch.condition !== undefined || index === branches.length - 1);
  if (
    first === undefined ||
    arms.length > 2 ||
    !isPlain ||
    (second !== undefined && branches[1]?.condition !== undefined)
  ) {
    for (const arm of arms) if (arm.kept.length === 0) fillBlock(module, editor, arm.block);
    return { removed: false, before: [], after: [], duplicates: [] };
  }
  if (arms.some((arm) => arm.kept.some(({ node }) => !ownsItsLines(module.source, node))))
    return REFUSALS.branchSharesLine;
  const result = tidyIf(
    module,
    editor,
    statement.node,
    second === undefined ? [first] : [first, second],
    normalize,
    ({ node }) => mayPrecede(module, statement.node, node),
    isAboutModel,
  );
  const moved = new Set([...result.before, ...result.after, ...result.duplicates]);
  const isLeft = (kept: FlatStatement): boolean => !moved.has(kept) && isAboutModel(kept);
  // What is left would need a scope between the header that moved down and the statements that moved out.
  if (result.before.length > 0 && arms.some((arm) => arm.kept.some(isLeft))) return REFUSALS.branchBuildsMore;
  const withoutDevices = (moved: FlatStatement): FlatStatement => ({ ...moved, devices: [] });
  return { ...result, before: result.before.map(withoutDevices), after: result.after.map(withoutDevices) };
}

/**
 * Tidies the branches between a wrap and the outermost one: a branch without statements is removed, and an empty arm
 * gets a `pass`. A `try` is tidied as an outermost one is.
 *
 * @param module - The file.
 * @param editor - Collects the edits.
 * @param wrap - The statement that wraps.
 * @param outermost - The outermost branch around it.
 * @param removedStatements - Statements that the plan removes; gains the branches that this function removes.
 * @param strategy - The name of the strategy.
 * @returns A refusal when a `try` does more than fall back to one device.
 */
export function tidyInnerBranches(
  module: PythonModule,
  editor: LineEditor,
  wrap: PyNode,
  outermost: PyNode,
  removedStatements: Set<PyNode>,
  strategy: string,
): Refusal | undefined {
  if (!contains(outermost, wrap)) return undefined;
  for (
    let node = blockOf(wrap).parent;
    node !== undefined && node !== outermost && contains(outermost, node);
    node = node.parent
  ) {
    if (removedStatements.has(node)) continue;
    if (node.type === 'try_statement') {
      // The handlers of the outer one do not run when this one catches the error, so neither decides alone.
      if (closest(node.parent, ({ type }) => type === 'try_statement') !== undefined) return REFUSALS.tryDoesMore;
      const isRemoved = tidyTry(module, editor, node, removedStatements, strategy);
      if (isRefusal(isRemoved)) return isRemoved;
      if (isRemoved) removedStatements.add(node);
    }
    if (node.type !== 'if_statement') continue;
    const arms = branchesOf(node).map(({ block }) => ({
      block,
      isEmpty: statementsOf(block).every((statement) => removedStatements.has(statement)),
    }));
    if (arms.every(({ isEmpty }) => isEmpty)) {
      editor.deleteStatement(node);
      removedStatements.add(node);
    } else {
      for (const { block, isEmpty } of arms) if (isEmpty) fillBlock(module, editor, block);
    }
  }
  return undefined;
}

/**
 * Whether a statement may run before a condition: the condition is pure, and the statement assigns nothing it reads.
 */
function mayPrecede(module: PythonModule, branch: PyNode, statement: PyNode): boolean {
  const condition = childByField(branch, 'condition');
  if (condition === undefined || !isPure(module, condition)) return false;
  return [...descendants(condition)].every((node) => {
    const variable = node.type === 'identifier' ? variableOf(module, node) : undefined;
    return variable === undefined || !assigns(module, variable, statement);
  });
}

/**
 * Fills the blocks that lose all their statements and that no branch is tidied for: the block of the wrap itself, and
 * the handlers of a `try` that is nested in a statement of the plan.
 */
export function fillEmptiedBlocks(
  module: PythonModule,
  editor: LineEditor,
  block: PyNode,
  wrap: PyNode,
  removedStatements: ReadonlySet<PyNode>,
  isLeftEmpty: boolean,
): void {
  const isEmptied = (candidate: PyNode): boolean =>
    statementsOf(candidate).length > 0 &&
    statementsOf(candidate).every((statement) => removedStatements.has(statement));
  if (block.type === 'block' && isLeftEmpty) fillBlock(module, editor, block);
  const nested = closest(wrap, ({ type, parent }) => type === 'try_statement' && parent !== block);
  if (nested === undefined || !contains(block, nested)) return;
  for (const clause of nested.children) {
    const handler = clause.type === 'except_clause' ? clause.children.find(({ type }) => type === 'block') : undefined;
    if (handler !== undefined && isEmptied(handler)) fillBlock(module, editor, handler);
  }
}

/** Puts a `pass` into a block that loses all its statements. */
function fillBlock(module: PythonModule, editor: LineEditor, block: PyNode): void {
  const [first] = statementsOf(block);
  if (first === undefined || first.type === 'pass_statement') return;
  editor.insertAbove(module.source.lineAt(first.start), 'pass');
}
