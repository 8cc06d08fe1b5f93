/** The strategy that wraps ask for: which GPUs, and under which conditions. Pure. */
import type { Guard } from '../../../lifecycle/guard.js';
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { type Arm, type Choice, choose, type Condition, sameChoice } from '../../../lifecycle/choice.js';
import { isRefusal, type Refusal } from '../../../refusal.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { namedChildren, type PyNode } from '../../syntax/node.js';
import { withoutNameTests } from '../find/name-tests.js';

import { gpusKind } from './gpus-kind.js';
import { guardsOfWrap } from './guards.js';
import { preferredQuote, strategyCall, type StrategyClass } from './mirrored-strategy.js';
import { areOpposite } from './negate.js';

/** Writes an expression as it has to be written where the strategy is created; refuses when its value may differ. */
export type WriteExpression = (expression: PyNode) => string | Refusal;

/**
 * Chooses one strategy for all wraps.
 *
 * @param module - The file.
 * @param strategy - Which strategy.
 * @param sites - The wraps that share the strategy.
 * @param block - The block that contains all of them; only conditions inside it count.
 * @param write - Writes the number of GPUs and the conditions.
 * @param outer - Conditions that decide whether the block runs.
 * @returns A refusal when one strategy cannot do what all wraps ask for.
 */
export function strategyForWraps(
  module: PythonModule,
  strategy: StrategyClass,
  sites: readonly WrapSite[],
  block: PyNode,
  write: WriteExpression,
  outer: readonly Condition[] = [],
): Choice | Refusal {
  const arms: Arm[] = [];
  for (const site of sites) {
    const guards = withoutNameTests(module, guardsOfWrap(site, block));
    const arm = armOf(module, strategy, site, guards, write);
    if (isRefusal(arm)) return arm;
    arms.push({ ...arm, conditions: [...outer, ...arm.conditions] });
  }
  return choose(arms, areOpposite) ?? REFUSALS.differentGpus;
}

/** The one choice that all make. */
export function commonChoice(choices: readonly (Choice | Refusal)[], otherwise: Refusal): Choice | Refusal {
  const [first] = choices;
  const refused = choices.find(isRefusal);
  if (refused !== undefined || first === undefined || isRefusal(first)) return refused ?? otherwise;
  return choices.every((choice) => !isRefusal(choice) && sameChoice(first, choice)) ? first : otherwise;
}

function armOf(
  module: PythonModule,
  strategy: StrategyClass,
  site: WrapSite,
  guards: readonly Guard<PyNode>[],
  write: WriteExpression,
): Arm | Refusal {
  if (guards.some(({ kind }) => kind === 'loop')) return REFUSALS.wrappedInLoop;
  if (guards.some(({ kind }) => kind === 'handler')) return REFUSALS.wrappedInHandler;
  const { tensorflow, target } = strategy;
  const isMultiWorker = target === 'multi-worker';
  // The devices of a worker do not depend on the argument; a condition on it may.
  const needsGpus = site.gpus !== undefined && (!isMultiWorker || site.helperCondition !== undefined);
  const gpus = needsGpus ? write(site.gpus) : '';
  if (isRefusal(gpus)) return gpus;
  const conditions = conditionsOf(guards, write);
  if (isRefusal(conditions)) return conditions;
  if (site.helperGuard !== undefined) {
    const inHelper = conditionsOf([{ kind: 'test', test: site.helperGuard, holds: true }], write);
    if (isRefusal(inHelper)) return inHelper;
    conditions.push(...inHelper);
  }
  if (site.helperCondition !== undefined)
    conditions.push({ text: `${/^[\w.]+$/.test(gpus) ? gpus : `(${gpus})`}${site.helperCondition}`, holds: true });
  // Listing devices starts TensorFlow, which has to wait for a cluster; workers with few GPUs train, too.
  if (guards.some(({ kind }) => kind === 'fallback') && site.gpus !== undefined && !isMultiWorker) {
    const quote = preferredQuote(module.source.text);
    const devices = `len(${tensorflow}.config.list_logical_devices(${quote}GPU${quote}))`;
    conditions.push({ text: `${devices} >= ${countText(module, site.gpus, gpus)}`, holds: true });
  }
  return { value: strategyCall(module, strategy, site.gpus, gpus), conditions };
}

/** The tests among guards, as they are written where the strategy is created. */
export function conditionsOf(guards: readonly Guard<PyNode>[], write: WriteExpression): Condition[] | Refusal {
  const conditions: Condition[] = [];
  for (const guard of guards) {
    if (guard.kind !== 'test') continue;
    const text = write(guard.test);
    if (isRefusal(text)) return text;
    conditions.push({ text: plainCondition(guard.test, text), holds: guard.holds });
  }
  return conditions;
}

/** A condition without the parentheses around all of it, unless it spans lines. */
function plainCondition(node: PyNode, text: string): string {
  const plain =
    node.type === 'parenthesized_expression' && text.startsWith('(') && text.endsWith(')')
      ? text.slice(1, -1).trim()
      : text;
  return plain.includes('\n') ? `(${plain})` : plain;
}

/** How many devices the wrap needs at least: ids begin with zero. */
function countText(module: PythonModule, gpus: PyNode, text: string): string {
  if (gpus.type === 'list' || gpus.type === 'tuple') {
    const ids = namedChildren(gpus).map((id) =>
      id.type === 'integer' ? Number(module.source.textOf(id)) : Number.NaN,
    );
    if (ids.length > 0 && ids.every(Number.isInteger)) return String(Math.max(...ids) + 1);
  }
  switch (gpusKind(module, gpus)) {
    case 'count':
      return gpus.type === 'identifier' && module.source.textOf(gpus) !== text ? `(${text})` : text;
    case 'ids':
      return `max(${text}) + 1`;
    case 'unknown':
      return `(${text} if isinstance(${text}, int) else max(${text}) + 1)`;
  }
}
