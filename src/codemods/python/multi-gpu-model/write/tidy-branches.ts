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
    for (const { kept, block } of arms)
      if (kept.length === 0 && !isEmptied(block, removedStatements)) fillBlock(module, editor, block);
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
  const withoutDevices = (moved: FlatStatement): FlatStatement => ({ ...moved, devices: [] });
  return { ...result, before: result.before.map(withoutDevices), after: result.after.map(withoutDevices) };
}

/** What is known about the statements between a wrap and the outermost one around it. */
export interface InnerReading {
  /** Statements that the plan removes; gains the branches that the tidying removes. */
  readonly removedStatements: Set<PyNode>;
  /** The name of the strategy. */
  readonly strategy: string;
  /** Removes the program's own scope if nothing is left in it, and tells whether it did. */
  readonly leavesScope: (statement: PyNode) => boolean;
}

/**
 * Tidies the statements between a wrap and the outermost one: a branch or a scope without statements is removed. A
 * `try` is tidied as an outermost one is.
 *
 * @param module - The file.
 * @param editor - Collects the edits.
 * @param wrap - The statement that wraps.
 * @param outermost - The outermost statement around it.
 * @param reading - What the plan knows.
 * @returns A refusal when a `try` does more than fall back to one device.
 */
export function tidyInnerBranches(
  module: PythonModule,
  editor: LineEditor,
  wrap: PyNode,
  outermost: PyNode,
  { removedStatements, strategy, leavesScope }: InnerReading,
): Refusal | undefined {
  if (!contains(outermost, wrap)) return undefined;
  for (
    let node = blockOf(wrap).parent;
    node !== undefined && node !== outermost && contains(outermost, node);
    node = node.parent
  ) {
    if (removedStatements.has(node) || leavesScope(node)) continue;
    if (node.type === 'try_statement') {
      // The handlers of the outer one do not run when this one catches the error, so neither decides alone.
      if (closest(node.parent, ({ type }) => type === 'try_statement') !== undefined) return REFUSALS.tryDoesMore;
      const isRemoved = tidyTry(module, editor, node, removedStatements, strategy);
      if (isRefusal(isRemoved)) return isRemoved;
      if (isRemoved) removedStatements.add(node);
    }
    if (node.type !== 'if_statement') continue;
    if (branchesOf(node).every(({ block }) => isEmptied(block, removedStatements))) {
      editor.deleteStatement(node);
      removedStatements.add(node);
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
 * Puts a `pass` into every block that loses all its statements and keeps its header.
 *
 * @param module - The file.
 * @param editor - Collects the edits; knows the headers that go.
 * @param within - The block to look in.
 * @param removedStatements - Statements that the plan removes.
 * @param removedImports - Those of them that are imports: a block of nothing else is filled when they are removed.
 */
export function fillEmptiedBlocks(
  module: PythonModule,
  editor: LineEditor,
  within: PyNode,
  removedStatements: ReadonlySet<PyNode>,
  removedImports: ReadonlySet<PyNode>,
): void {
  for (const block of descendants(within)) {
    const header = block.parent;
    if (block.type !== 'block' || header === undefined) continue;
    if (!isEmptied(block, removedStatements) || isEmptied(block, removedImports)) continue;
    const isDeleted = (node: PyNode): boolean => editor.isDeleted(module.source.lineAt(node.start));
    // The header of the first arm becomes that of the other one, whose own is deleted.
    const headsOtherArm = header.children.some((arm) => arm.type === 'else_clause' && isDeleted(arm));
    const goes = isDeleted(header) || closest(header, (node) => removedStatements.has(node)) !== undefined;
    if (!goes && !headsOtherArm) fillBlock(module, editor, block);
  }
}

function isEmptied(block: PyNode, removedStatements: ReadonlySet<PyNode>): boolean {
  const statements = statementsOf(block);
  return statements.length > 0 && statements.every((statement) => removedStatements.has(statement));
}

/** Puts a `pass` into a block that loses all its statements. */
export function fillBlock(module: PythonModule, editor: LineEditor, block: PyNode): void {
  const [first] = statementsOf(block);
  if (first === undefined || first.type === 'pass_statement') return;
  editor.insertAbove(module.source.lineAt(first.start), 'pass');
}
