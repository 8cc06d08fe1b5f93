/** Plans the expression that creates the strategy where the scope opens, or says why it cannot run there. Pure. */
import type { StrategyTarget } from '../../../options.js';
import type { Refusal } from '../../../refusal.js';
import type { Crossing } from '../analyze/crossings.js';
import type { BuildSite } from './build-sites.js';
import type { ExpressionMover, MovedExpression } from './expression-mover.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isRefusal } from '../../../refusal.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { isInside, type Node } from '../../syntax/syntax-tree.js';
import { strategyCreation } from '../strategy-creation.js';

/** How to create the strategy. Its texts use the names that the runtime exports. */
export interface StrategyPlan {
  /** `new MirroredStrategy({ devices: 2 })` */
  readonly creation: string;
  /** The conditions under which it is created; otherwise the code uses the default strategy. */
  readonly conditions: readonly Condition[];
  /** Declarations that move before the strategy. */
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

/**
 * Plans the strategy of one site.
 *
 * @param site - Where the scope opens.
 * @param mover - Moves the devices and the conditions there.
 * @param target - Which strategy.
 * @param passesOpaqueCode - Whether a call with unknown effects runs between the start of the scope and a node.
 */
export function planStrategy(
  site: BuildSite,
  mover: ExpressionMover,
  target: StrategyTarget,
  passesOpaqueCode: (from: Node) => boolean,
): StrategyPlan | Refusal {
  const { at, devices, list, first, substitutions } = site;
  const hoisted = new Set<TSESTree.Statement>();
  const move = (expression: Node, from: Node): MovedExpression | Refusal => {
    if (list === undefined) return mover.substitute(expression, substitutions);
    const anchor = { list, first, isInOtherMethod: site.sharedBy !== undefined };
    const moved = mover.move(expression, { anchor, from, passesOpaqueCode, substitutions });
    if (!isRefusal(moved)) for (const statement of moved.hoisted) hoisted.add(statement);
    return moved;
  };
  let creation = strategyCreation(target, undefined);
  if (devices !== undefined) {
    const moved = move(devices, isInside(devices, at) ? devices : at);
    if (isRefusal(moved)) return moved;
    creation = strategyCreation(target, moved.text);
  }
  const conditions: Condition[] = [];
  let fallback: TSESTree.TryStatement | undefined;
  for (const crossing of site.crossings) {
    if (crossing.kind === 'function') continue;
    if (crossing.kind === 'try' && crossing.part === 'block' && fallback === undefined) {
      fallback = crossing.node;
      continue;
    }
    if (crossing.kind !== 'condition')
      return MULTI_GPU_REFUSALS.modelBuiltOutside(blockName(crossing)).at(crossing.node);
    const { test, holds, node } = crossing;
    const moved = move(test, test);
    if (isRefusal(moved)) return moved;
    conditions.push({ text: needsParentheses(test) ? `(${moved.text})` : moved.text, holds, node, test });
  }
  const ordered = [...hoisted].sort((a, b) => a.range[0] - b.range[0]);
  return { creation, conditions: conditions.reverse(), hoisted: ordered, fallback };
}

/** The whole expression: `gpus > 1 ? new MirroredStrategy({ devices: gpus }) : getStrategy()`. */
export function strategyText({ creation, conditions }: Pick<StrategyPlan, 'creation' | 'conditions'>): string {
  const [only, ...others] = conditions;
  if (only === undefined) return creation;
  if (others.length === 0)
    return only.holds ? `${only.text} ? ${creation} : getStrategy()` : `${only.text} ? getStrategy() : ${creation}`;
  const all = conditions.map(({ text, holds }) => (holds ? `(${text})` : `!(${text})`)).join(' && ');
  return `${all} ? ${creation} : getStrategy()`;
}

function blockName({ kind }: Crossing): Parameters<typeof MULTI_GPU_REFUSALS.modelBuiltOutside>[0] {
  switch (kind) {
    case 'loop':
      return 'a loop';
    case 'try':
      return 'an error handler';
    default:
      return 'a branch';
  }
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
