/** Replaces a wrap by an alias of the original model. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { Wrap } from '../model/wrap-group.js';

import { branchesOf, statementsOf } from '../../analysis/statements.js';
import { closest, type PyNode } from '../../syntax/node.js';

import { type Arm, tidyIf } from './tidy-if.js';

/** Turns `self.parallel = wrap(self.model)` into an alias, and removes a branch whose other arm assigns the same. */
export function replaceByAlias(module: PythonModule, editor: LineEditor, { site, template }: Wrap): void {
  const text = template?.text ?? '';
  editor.replace(site.call.start, site.call.end, text);
  const branch = closest(site.statement, (node) => node.type === 'if_statement');
  const [first, second, ...more] = branch === undefined ? [] : branchesOf(branch);
  if (branch === undefined || first === undefined || second?.clause.type !== 'else_clause' || more.length > 0) return;
  if ([first, second].some(({ block }) => statementsOf(block).length !== 1)) return;
  const normalize = (statement: PyNode): string => {
    const own = module.source.textOf(statement);
    return statement === site.statement ? own.replace(module.source.textOf(site.call), text) : own;
  };
  const arm = ({ clause, block }: typeof first): Arm => ({
    clause,
    block,
    kept: statementsOf(block).map((node) => ({ node, devices: [] })),
  });
  tidyIf(
    module,
    editor,
    branch,
    [arm(first), arm(second)],
    ({ node }) => normalize(node),
    () => false,
  );
}
