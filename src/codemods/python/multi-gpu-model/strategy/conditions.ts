/** The conditions under which a wrap runs: every branch between a block and the wrap in it. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { branchesOf, isLoop, statementOf } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, contains, type PyNode } from '../../syntax/node.js';

import { negate } from './negate.js';

/** One condition that leads to a wrap. */
export interface Condition {
  readonly node: PyNode;
  readonly negated: boolean;
}

/** The conditions that lead from a block to a wrap, outermost first. */
export interface ConditionPath {
  readonly conditions: readonly Condition[];
  /** A `try` whose handlers fall back to the original model. */
  readonly fallback: PyNode | undefined;
}

/** Reads the path; refuses a wrap in a loop, or in a part of a `try` that cannot become a condition. */
export function conditionPath(site: WrapSite, block: PyNode): ConditionPath | Refusal {
  const conditions: Condition[] = [];
  let fallback: PyNode | undefined;
  if (site.conditional !== undefined)
    conditions.unshift({ node: site.conditional.condition, negated: site.conditional.negated });
  for (let node: PyNode = site.statement; node !== block;) {
    const owner = node.parent;
    if (owner === undefined || owner === block) break;
    if (owner.type !== 'block' || owner.parent === undefined) {
      node = owner;
      continue;
    }
    const statement = statementOf(owner.parent);
    if (isLoop(statement)) return REFUSALS.wrappedInLoop;
    if (statement.type === 'if_statement') conditions.unshift(...branchConditions(statement, owner));
    if (statement.type === 'try_statement') {
      const hasFinally = statement.children.some((child) => child.type === 'finally_clause');
      if (childByField(statement, 'body') !== owner || hasFinally) return REFUSALS.wrappedInHandler;
      fallback = statement;
    }
    node = statement;
  }
  return { conditions, fallback };
}

function branchConditions(statement: PyNode, block: PyNode): Condition[] {
  const conditions: Condition[] = [];
  for (const branch of branchesOf(statement)) {
    if (contains(branch.block, block) || branch.block === block) {
      if (branch.condition !== undefined) conditions.push({ node: branch.condition, negated: false });
      return conditions;
    }
    if (branch.condition !== undefined) conditions.push({ node: branch.condition, negated: true });
  }
  return conditions;
}

/** The text of a condition, given the `text` of its node at the position where it is evaluated. */
export function conditionText(condition: Condition, text: string): string {
  const plain =
    condition.node.type === 'parenthesized_expression' && text.startsWith('(') && text.endsWith(')')
      ? text.slice(1, -1).trim()
      : text;
  const flat = plain.includes('\n') ? `(${plain})` : plain;
  return condition.negated ? negate(flat) : flat;
}

/** All conditions joined into one; undefined when there is none. */
export function joinConditions(conditions: readonly string[]): string | undefined {
  return conditions.length > 1 ? conditions.map(operand).join(' and ') : conditions[0];
}

function operand(condition: string): string {
  return /\b(or|if|lambda)\b/.test(condition) ? `(${condition})` : condition;
}

/** The conditions of a wrap that only branches lead to. */
export interface BranchConditions {
  readonly nodes: readonly PyNode[];
  readonly text: (module: PythonModule) => string | undefined;
  /** The joined text with each condition translated; refuses when one cannot be translated. */
  readonly translated: (translate: (node: PyNode) => string | Refusal) => string | Refusal | undefined;
}

/** The conditions between a block and a wrap; refuses where a helper or a `try` decides. */
export function branchConditionsTo(site: WrapSite, block: PyNode): BranchConditions | Refusal {
  const path = conditionPath(site, block);
  if (isRefusal(path)) return path;
  if (site.helperCondition !== undefined) return REFUSALS.helperDecides;
  if (path.fallback !== undefined) return REFUSALS.wrappedInTry;
  const { conditions } = path;
  return {
    nodes: conditions.map(({ node }) => node),
    text: (module) =>
      joinConditions(conditions.map((condition) => conditionText(condition, module.source.textOf(condition.node)))),
    translated: (translate) => {
      const texts: string[] = [];
      for (const condition of conditions) {
        const text = translate(condition.node);
        if (isRefusal(text)) return text;
        texts.push(conditionText(condition, text));
      }
      return joinConditions(texts);
    },
  };
}
