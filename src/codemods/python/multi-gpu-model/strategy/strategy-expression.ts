/**
 * The expression that creates one strategy for several wraps. A branch on the number of GPUs becomes a conditional
 * expression whose other arm is the default strategy: entering its scope has no effect. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { namedChildren, type PyNode } from '../../syntax/node.js';

import { conditionPath, conditionText, joinConditions } from './conditions.js';
import { hoist } from './hoist.js';
import { mirroredStrategy, preferredQuote } from './mirrored-strategy.js';
import { areOpposite } from './negate.js';
import { type Choice, choiceText, defaultStrategy } from './strategy-choice.js';

/** The strategy of a group of wraps. */
export interface StrategyExpression extends Choice {
  /** Statements to move above the strategy. */
  readonly moved: readonly PyNode[];
}

/** One wrap: the strategy that it asks for, and the conditions under which it runs. */
interface Arm {
  readonly value: string;
  readonly conditions: readonly string[];
}

/**
 * Writes the expression.
 *
 * @param module - The file.
 * @param tensorflow - The name by which the file knows TensorFlow.
 * @param sites - The wraps that share the strategy.
 * @param block - The block that contains all of them.
 * @param before - The statement before which the strategy will be created.
 * @returns A refusal when a condition or the number of GPUs cannot be evaluated before that statement.
 */
export function strategyExpression(
  module: PythonModule,
  tensorflow: string,
  sites: readonly WrapSite[],
  block: PyNode,
  before: PyNode,
): StrategyExpression | Refusal {
  const moved: PyNode[] = [];
  const evaluate = (node: PyNode): string | Refusal => {
    const hoisted = hoist(module, node, before, 'move');
    if (isRefusal(hoisted)) return hoisted;
    moved.push(...hoisted.moved);
    return hoisted.text;
  };
  const arms: Arm[] = [];
  for (const site of sites) {
    const arm = armOf(module, tensorflow, site, block, evaluate);
    if (isRefusal(arm)) return arm;
    arms.push(arm);
  }
  const choices = mergeOpposites(arms).map(({ value, conditions }) => ({
    value,
    condition: joinConditions(conditions),
  }));
  const choice = combine(choices, tensorflow);
  return isRefusal(choice) ? choice : { ...choice, moved: [...new Set(moved)].sort((a, b) => a.start - b.start) };
}

function armOf(
  module: PythonModule,
  tensorflow: string,
  site: WrapSite,
  block: PyNode,
  evaluate: (node: PyNode) => string | Refusal,
): Arm | Refusal {
  const path = conditionPath(site, block);
  if (isRefusal(path)) return path;
  const gpus = site.gpus === undefined ? '' : evaluate(site.gpus);
  if (isRefusal(gpus)) return gpus;
  const value = mirroredStrategy(module, tensorflow, site.gpus, gpus);
  const conditions: string[] = [];
  for (const condition of path.conditions) {
    const text = evaluate(condition.node);
    if (isRefusal(text)) return text;
    conditions.push(conditionText(condition, text));
  }
  if (site.helperCondition !== undefined)
    conditions.push(`${/^[\w.]+$/.test(gpus) ? gpus : `(${gpus})`}${site.helperCondition}`);
  if (path.fallback !== undefined && site.gpus !== undefined) {
    const quote = preferredQuote(module.source.text);
    conditions.push(
      `len(${tensorflow}.config.list_logical_devices(${quote}GPU${quote})) >= ${countText(module, site.gpus, gpus)}`,
    );
  }
  return { value, conditions };
}

function countText(module: PythonModule, gpus: PyNode, text: string): string {
  if (gpus.type === 'list' || gpus.type === 'tuple') return String(namedChildren(gpus).length);
  return gpus.type === 'identifier' && module.source.textOf(gpus) !== text ? `(${text})` : text;
}

/** When both arms of an inner branch ask for the same strategy, only the conditions outside the branch matter. */
function mergeOpposites(arms: readonly Arm[]): readonly Arm[] {
  for (const [index, { value, conditions }] of arms.entries()) {
    const outer = conditions.slice(0, -1);
    const last = conditions.at(-1);
    const twin = arms.findIndex(
      (other, position) =>
        position > index &&
        other.value === value &&
        other.conditions.length === conditions.length &&
        outer.every((condition, level) => condition === other.conditions[level]) &&
        last !== undefined &&
        areOpposite(last, other.conditions.at(-1)),
    );
    if (twin !== -1)
      return mergeOpposites([
        ...arms.slice(0, index),
        { value, conditions: outer },
        ...arms.slice(index + 1, twin),
        ...arms.slice(twin + 1),
      ]);
  }
  return arms;
}

/** One choice for all arms; refuses when two of them ask for different GPUs at once. */
function combine(
  arms: readonly { readonly value: string; readonly condition: string | undefined }[],
  tensorflow: string,
): Choice | Refusal {
  const [first, ...rest] = arms.filter(
    (arm, index) => arms.findIndex((other) => other.value === arm.value && other.condition === arm.condition) === index,
  );
  if (first === undefined) return { value: defaultStrategy(tensorflow) };
  const { value, condition } = first;
  if (condition === undefined) {
    const differs = rest.some((arm) => arm.value !== value || arm.condition !== undefined);
    return differs ? REFUSALS.differentGpus : { value };
  }
  if (rest.some((arm) => arm.condition === condition || arm.condition === undefined)) return REFUSALS.differentGpus;
  const [second] = rest;
  if (rest.length === 1 && areOpposite(condition, second?.condition)) {
    const otherwise = second?.value ?? defaultStrategy(tensorflow);
    return otherwise === value ? { value } : { value, condition, otherwise };
  }
  const last = combine(rest, tensorflow);
  if (isRefusal(last)) return last;
  const otherwise = last.condition === undefined ? last.value : `(${choiceText(last)})`;
  return { value, condition, otherwise };
}
