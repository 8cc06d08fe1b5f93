/** Arranges the statements of a block without the wraps: branches that lose a wrap are tidied. Collects edits. */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { FlatStatement } from '../model/flatten-device-scopes.js';
import type { WrapGroup } from '../model/wrap-group.js';
import type { NameMerge } from '../write/merge-names.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { statementsOf } from '../../analysis/statements.js';
import { childByField, contains, descendants, type PyNode } from '../../syntax/node.js';
import { normalizedText } from '../write/normalized-text.js';
import { type BranchReading, tidyInnerBranches, tidyOutermostIf } from '../write/tidy-branches.js';
import { tidyTry } from '../write/tidy-try.js';

/** The statements of the block in their new order. */
export interface Arrangement {
  readonly statements: readonly FlatStatement[];
  /** Whether a statement still has to run inside the scope. */
  readonly mustBeInside: (statement: PyNode) => boolean;
  /** All statements that go. */
  readonly removedStatements: ReadonlySet<PyNode>;
}

/** What the plan of the group has decided so far. */
export interface ArrangementInput {
  readonly group: WrapGroup;
  readonly original: readonly FlatStatement[];
  readonly merges: readonly NameMerge[];
  readonly removesDevice: (statement: PyNode) => boolean;
  readonly removedStatements: ReadonlySet<PyNode>;
  /** The name of the strategy. */
  readonly strategy: string;
}

/** Arranges a block; refuses a branch or a `try` that cannot be tidied. */
export function arrangeStatements(
  module: PythonModule,
  editor: LineEditor,
  input: ArrangementInput,
): Arrangement | Refusal {
  const { group, original, merges, removesDevice, strategy } = input;
  const removedStatements = new Set(input.removedStatements);
  // Duplicates in another arm are removed, so nothing in them needs the scope any more.
  const removedBuilding = new Set(input.removedStatements);
  const movedOut = new Set<PyNode>();
  const reading: BranchReading = {
    removedStatements,
    removesDevice,
    normalize: ({ node }) => normalizedText(module, node, merges),
    isAboutModel: ({ node }) => [...group.scopeStatements].some((statement) => contains(node, statement)),
  };
  const tidy = (statement: FlatStatement): readonly FlatStatement[] | Refusal => {
    const { node } = statement;
    for (const { site } of group.wraps) {
      const refusal = tidyInnerBranches(module, editor, site.statement, node, {
        removedStatements,
        strategy,
        leavesScope: (scope) => leavesEmptiedScope(module, editor, scope, group, removedStatements),
      });
      if (refusal !== undefined) return refusal;
    }
    if (leavesEmptiedScope(module, editor, node, group, removedStatements)) return [];
    if (node.type === 'try_statement') {
      const isRemoved = tidyTry(module, editor, node, removedStatements, strategy);
      return isRefusal(isRemoved) ? isRemoved : isRemoved ? [] : [statement];
    }
    if (node.type !== 'if_statement') return [statement];
    const result = tidyOutermostIf(module, editor, statement, reading);
    if (isRefusal(result)) return result;
    for (const duplicate of result.duplicates)
      for (const inner of descendants(duplicate.node)) removedBuilding.add(inner);
    for (const moved of [...result.before, ...result.after]) if (reading.isAboutModel(moved)) movedOut.add(moved.node);
    return [...result.before, ...(result.removed ? [] : [statement]), ...result.after];
  };
  const statements: FlatStatement[] = [];
  for (const statement of original) {
    const { node } = statement;
    if (removedStatements.has(node)) continue;
    const isAround = group.wraps.some(({ site }) => contains(node, site.statement) && node !== site.statement);
    const isWrap = group.wraps.some(({ site }) => node === site.statement);
    const tidied = isAround && !isWrap ? tidy(statement) : [statement];
    if (isRefusal(tidied)) return tidied;
    statements.push(...tidied);
  }
  return {
    statements,
    removedStatements,
    mustBeInside: (statement) =>
      movedOut.has(statement) ||
      [...group.scopeStatements].some(
        (node) => !removedBuilding.has(node) && !movedOut.has(node) && contains(statement, node),
      ),
  };
}

/** Removes the program's own scope, but not its comments, when nothing is left in it; tells whether it did. */
export function leavesEmptiedScope(
  { source }: PythonModule,
  editor: LineEditor,
  scope: PyNode,
  { ownScope }: WrapGroup,
  removedStatements: Set<PyNode>,
): boolean {
  const body = childByField(scope, 'body');
  const isEmptied =
    ownScope?.statement === scope &&
    body !== undefined &&
    statementsOf(body).every((statement) => removedStatements.has(statement));
  if (!isEmptied) return false;
  editor.deleteHeader(source.lineAt(scope.start), source.lineAt(scope.end));
  removedStatements.add(scope);
  return true;
}
