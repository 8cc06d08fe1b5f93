/** The expression that makes the strategy for one site, evaluated where the scope opens; or why it cannot. Pure. */
import type { Node } from '../../syntax/syntax-tree.js';
import type { Crossing } from '../analyze/value-target.js';
import type { Site } from './build-sites.js';
import type { ExpressionMover, MovedExpression } from './moved-expression.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { isInside } from '../analyze/statement-list.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** What the strategy's declaration says, with `MirroredStrategy` and `getStrategy` under these very names. */
export interface StrategyPlan {
  /** `new MirroredStrategy({ devices: 2 })` */
  readonly creation: string;
  /** The conditions under which it is made; else the default strategy is. */
  readonly conditions: readonly Condition[];
  readonly hoisted: readonly TSESTree.Statement[];
  /** The `try` statement whose block wraps the model. */
  readonly fallback: TSESTree.TryStatement | undefined;
}

export interface Condition {
  readonly text: string;
  readonly holds: boolean;
  readonly node: Node;
  readonly test: Node;
}

/** @param overOpaque whether code that may do anything lies between the place where the scope opens and a node */
export function planStrategy(
  site: Site,
  mover: ExpressionMover,
  overOpaque: (from: Node) => boolean,
): StrategyPlan | Refusal {
  const hoisted: TSESTree.Statement[] = [];
  const move = (expression: Node, from: Node): MovedExpression | Refusal => {
    if (site.list === undefined) return mover.moveNowhere(expression, site.substitutions);
    return mover.move(expression, { list: site.list, first: site.first }, from, overOpaque, site.substitutions);
  };
  let creation = 'new MirroredStrategy()';
  if (site.devices !== undefined) {
    const moved = move(site.devices, isInside(site.devices, site.at) ? site.devices : site.at);
    if (isRefusal(moved)) return moved;
    hoisted.push(...moved.hoisted);
    creation = `new MirroredStrategy(${moved.text === 'devices' ? '{ devices }' : `{ devices: ${moved.text} }`})`;
  }
  const conditions: Condition[] = [];
  let fallback: TSESTree.TryStatement | undefined;
  for (const crossing of site.crossings) {
    if (crossing.kind === 'function') continue;
    if (crossing.kind === 'try' && crossing.part === 'block' && fallback === undefined) {
      fallback = crossing.node;
      continue;
    }
    if (crossing.kind !== 'condition') return crossed(crossing);
    const moved = move(crossing.test, crossing.test);
    if (isRefusal(moved)) return moved;
    hoisted.push(...moved.hoisted);
    conditions.push({
      text: needsParentheses(crossing.test) ? `(${moved.text})` : moved.text,
      holds: crossing.holds,
      node: crossing.node,
      test: crossing.test,
    });
  }
  const unique = [...new Set(hoisted)].sort((a, b) => a.range[0] - b.range[0]);
  return { creation, conditions: conditions.reverse(), hoisted: unique, fallback };
}

/** The whole expression: `gpus > 1 ? new MirroredStrategy({ devices: gpus }) : getStrategy()`. */
export function strategyText({ creation, conditions }: Pick<StrategyPlan, 'creation' | 'conditions'>): string {
  if (conditions.length === 0) return creation;
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) {
    return only.holds ? `${only.text} ? ${creation} : getStrategy()` : `${only.text} ? getStrategy() : ${creation}`;
  }
  const all = conditions.map(({ text, holds }) => (holds ? `(${text})` : `!(${text})`)).join(' && ');
  return `${all} ? ${creation} : getStrategy()`;
}

function crossed(crossing: Crossing): Refusal {
  const where = crossing.kind === 'loop' ? 'a loop' : crossing.kind === 'try' ? 'an error handler' : 'a branch';
  return refuse(RefusalReason.EvaluationOrder, `it stands in ${where}, and the model is built outside of it`);
}

function needsParentheses(test: Node): boolean {
  switch (test.type) {
    case AST_NODE_TYPES.ConditionalExpression:
    case AST_NODE_TYPES.ArrowFunctionExpression:
    case AST_NODE_TYPES.SequenceExpression:
    case AST_NODE_TYPES.AssignmentExpression:
      return true;
    default:
      return false;
  }
}
