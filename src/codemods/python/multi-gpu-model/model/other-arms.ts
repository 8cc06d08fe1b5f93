/** Finds what the other arms of a branch do with the model that one arm wraps. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, statementOf } from '../../analysis/statements.js';
import { isVariable, isWrite, mentionsOf, type Variable } from '../../analysis/variables.js';
import { closest, contains, type PyNode } from '../../syntax/node.js';

import { buildsValue } from './building-statements.js';
import { functionOrModule, type Wrap } from './wrap-group.js';

/** The statements `parallel = template` in the other arms of a branch that contains the wrap. */
export function aliasesOf(module: PythonModule, parallel: Variable, template: Variable, near: PyNode): PyNode[] {
  const body = functionOrModule(module, near);
  const found: PyNode[] = [];
  for (const mention of mentionsOf(module, parallel, body)) {
    const statement = statementOf(mention);
    const assignment = assignmentOf(statement);
    if (assignment !== undefined && assignment.left === mention && isVariable(module, assignment.right, template))
      found.push(statement);
  }
  return found.filter((statement) => sharesBranch(statement, near));
}

/** The statements in other arms that build a model for one device, under the name of the multi-GPU model. */
export function otherArmBuilds(module: PythonModule, wraps: readonly Wrap[]): PyNode[] {
  const found = new Set<PyNode>();
  for (const { site, parallel } of wraps) {
    if (parallel === undefined) continue;
    for (const mention of mentionsOf(module, parallel, functionOrModule(module, site.statement))) {
      const statement = statementOf(mention);
      if (!isWrite(mention) || statement === site.statement || !sharesBranch(statement, site.statement)) continue;
      const value = assignmentOf(statement)?.right;
      if (
        value !== undefined &&
        wraps.every((other) => other.site.statement !== statement) &&
        buildsValue(module, value, statement)
      )
        found.add(statement);
    }
  }
  return [...found];
}

/** Whether one `if` or `try` contains both statements. */
function sharesBranch(a: PyNode, b: PyNode): boolean {
  const branch = closest(
    a.parent,
    (node) => (node.type === 'if_statement' || node.type === 'try_statement') && contains(node, b),
  );
  if (branch === undefined) return false;
  return branch.start <= a.start && b.end <= branch.end;
}

/** The offset at which the name receives another model; infinity when it never does. */
export function rebuiltAt(
  module: PythonModule,
  variable: Variable,
  site: PyNode,
  body: PyNode,
  aliases: readonly PyNode[],
): number {
  for (const mention of mentionsOf(module, variable, body)) {
    const statement = statementOf(mention);
    if (mention.start <= site.end || !isWrite(mention) || aliases.includes(statement)) continue;
    const isInSameArm = site.parent !== undefined && contains(site.parent, statement);
    if (isInSameArm || !sharesBranch(statement, site)) return statement.start;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether a node is in another arm of an `if` than the arm that contains the second node. */
export function isInOtherArm(a: PyNode, b: PyNode): boolean {
  const arm = closest(
    a.parent,
    ({ type, parent }) =>
      type === 'block' && ARMS.test(parent?.type ?? '') && closest(parent, isBranchAround(b)) !== undefined,
  );
  return (
    arm !== undefined && !contains(arm, b) && closest(arm.parent, isBranch) === closest(arm.parent, isBranchAround(b))
  );
}

const ARMS = /^(if_statement|else_clause|elif_clause)$/;

function isBranch({ type }: PyNode): boolean {
  return type === 'if_statement';
}

function isBranchAround(inner: PyNode): (node: PyNode) => boolean {
  return (node) => isBranch(node) && contains(node, inner);
}
