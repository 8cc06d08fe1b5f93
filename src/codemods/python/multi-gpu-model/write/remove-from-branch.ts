/** Removes a statement from the branch around it. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { branchesOf, statementsOf } from '../../analysis/statements.js';
import { closest, type PyNode } from '../../syntax/node.js';

import { tidyIf } from './tidy-if.js';

/** Removes a statement, and a branch that contains nothing else, or only imports that are removed as well. */
export function removeFromBranch(
  module: PythonModule,
  editor: LineEditor,
  statement: PyNode,
  removedImports: ReadonlySet<PyNode>,
): void {
  const stays = (node: PyNode): boolean =>
    node !== statement && node.type !== 'pass_statement' && !removedImports.has(node);
  const block = statement.parent;
  const branch = closest(
    block?.parent,
    (node) => node.type === 'if_statement' || node.type.endsWith('_definition') || node.type === 'module',
  );
  const isAlone = block?.type === 'block' && !statementsOf(block).some(stays);
  const isArm = branch?.type === 'if_statement' && branchesOf(branch).some((arm) => arm.block === block);
  if (branch === undefined || !isArm || !isAlone) {
    editor.deleteStatement(statement);
    if (isAlone) editor.insertAbove(module.source.lineAt(statement.start), 'pass');
    return;
  }
  const arms = branchesOf(branch).map(({ clause, block: own }) => ({
    clause,
    block: own,
    kept: statementsOf(own)
      .filter(stays)
      .map((node) => ({ node, devices: [] })),
  }));
  const [first, second] = arms;
  editor.deleteStatement(statement);
  if (first === undefined || arms.length > 2 || (second !== undefined && second.clause.type !== 'else_clause')) {
    editor.insertAbove(module.source.lineAt(statement.start), 'pass');
    return;
  }
  const outer = branch.parent;
  const onlyOne =
    outer?.type === 'block' &&
    statementsOf(outer).every((node) => node === branch || !stays(node)) &&
    arms.every(({ kept }) => kept.length === 0);
  if (onlyOne) editor.insertAbove(module.source.lineAt(branch.start), 'pass');
  tidyIf(
    module,
    editor,
    branch,
    second === undefined ? [first] : [first, second],
    ({ node }) => `${node.start}`,
    () => false,
  );
}
