/**
 * The expression that makes the strategy: a branch on the GPU count becomes a conditional expression with
 * the default strategy, whose scope does nothing, in the other arm.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonSource } from '../../syntax/source.js';
import type { WrapSite } from '../find/wrap-site.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { branchesOf, isLoop, statementOf } from '../../analysis/statements.js';
import { childByField, contains, namedChildren, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

import { mirroredStrategy, preferredQuote } from './devices.js';
import { hoist, type Hoisted } from './hoist.js';

/** One condition on the way to a wrap. */
interface Condition {
  readonly node: PyNode;
  readonly negated: boolean;
}

/** A `try` whose handlers fall back to the plain model. */
export interface Fallback {
  readonly statement: PyNode;
}

/** `value if condition else otherwise`, or the value alone. */
export interface Choice {
  readonly value: string;
  readonly condition?: string;
  readonly otherwise?: string;
}

/** The choice on one line. */
function strategyText({ value, condition, otherwise }: Choice): string {
  return condition === undefined || otherwise === undefined ? value : `${value} if ${condition} else ${otherwise}`;
}

const LONGEST_LINE = 100;

/** The assignment of a choice on one line, or on several in the usual form when it is long. */
export function assignmentLines(source: PythonSource, line: number, name: string, choice: Choice): string[] {
  const whole = `${name} = ${strategyText(choice)}`;
  const { value, condition, otherwise } = choice;
  if (
    condition === undefined ||
    otherwise === undefined ||
    whole.length + source.indentation(line).length <= LONGEST_LINE
  )
    return [whole];
  const unit = source.indentUnit;
  return [`${name} = (`, `${unit}${value}`, `${unit}if ${condition}`, `${unit}else ${otherwise}`, ')'];
}

/** How the wraps of a group decide about the strategy. */
export interface StrategyExpression extends Choice {
  /** Statements to move above the strategy. */
  readonly moved: readonly PyNode[];
  readonly fallbacks: readonly Fallback[];
}

/**
 * @param before The statement before which the strategy will be made.
 * @throws Refusal when a condition or the GPU count cannot be evaluated there.
 */
export function strategyExpression(
  module: PythonModule,
  tensorflow: string,
  sites: readonly WrapSite[],
  block: PyNode,
  before: PyNode,
): StrategyExpression {
  const moved: PyNode[] = [];
  const fallbacks: Fallback[] = [];
  const evaluate = (node: PyNode): Hoisted => {
    const hoisted = hoist(module, node, before);
    moved.push(...hoisted.moved);
    return hoisted;
  };
  const quote = preferredQuote(module.source.text);
  const arms = sites.map((site) => {
    const path = pathTo(site, block);
    const fallback = path.fallback;
    if (fallback !== undefined) fallbacks.push({ statement: fallback });
    const gpus = site.gpus === undefined ? '' : evaluate(site.gpus).text;
    const value = mirroredStrategy(module, tensorflow, site.gpus, gpus);
    const conditions = path.conditions.map((condition) => conditionText(condition, evaluate(condition.node).text));
    if (site.helperCondition !== undefined)
      conditions.push(`${/^[\w.]+$/.test(gpus) ? gpus : `(${gpus})`}${site.helperCondition}`);
    if (fallback !== undefined && site.gpus !== undefined) {
      conditions.push(
        `len(${tensorflow}.config.list_logical_devices(${quote}GPU${quote})) >= ${countText(module, site.gpus, gpus)}`,
      );
    }
    return { value, conditions };
  });
  const choices = mergeOpposites(arms).map(({ value, conditions }) => ({
    value,
    condition: conditions.length > 1 ? conditions.map(operand).join(' and ') : conditions[0],
  }));
  return { ...combine(choices, tensorflow), moved: [...new Set(moved)].sort((a, b) => a.start - b.start), fallbacks };
}

/** Conditions on the way to a wrap, with the nodes that they read. */
export interface PathConditions {
  readonly nodes: readonly PyNode[];
  readonly text: (module: PythonModule) => string | undefined;
  /** The same with each node in other words. */
  readonly translated: (translate: (node: PyNode) => string) => string | undefined;
}

/** The conditions between a block and a wrap; refuses where a `try` decides. */
export function conditionsTo(site: WrapSite, block: PyNode): PathConditions {
  const { conditions, fallback } = pathTo(site, block);
  if (site.helperCondition !== undefined)
    throw new Refusal(RefusalReason.DynamicArguments, 'a helper decides here whether to wrap');
  if (fallback !== undefined) throw new Refusal(RefusalReason.EvaluationOrder, 'the wrap stands in a try statement');
  const translated: PathConditions['translated'] = (translate) => {
    const texts = conditions.map((condition) => conditionText(condition, translate(condition.node)));
    return texts.length > 1 ? texts.map(operand).join(' and ') : texts[0];
  };
  return {
    nodes: conditions.map(({ node }) => node),
    text: (module) => translated((node) => module.source.textOf(node)),
    translated,
  };
}

/** The choice that one wrap makes, from expressions that need no rewriting. */
export function valueFor(module: PythonModule, tensorflow: string, site: WrapSite, conditions: PathConditions): Choice {
  const value = mirroredStrategy(
    module,
    tensorflow,
    site.gpus,
    site.gpus === undefined ? '' : module.source.textOf(site.gpus),
  );
  const condition = conditions.text(module);
  return condition === undefined
    ? { value }
    : { value, condition, otherwise: `${tensorflow}.distribute.get_strategy()` };
}

interface ConditionedValue {
  readonly value: string;
  readonly conditions: readonly string[];
}

/** Two arms of an inner branch that wrap alike are one wrap under what leads to the branch. */
function mergeOpposites(arms: readonly ConditionedValue[]): readonly ConditionedValue[] {
  for (const [index, { value, conditions }] of arms.entries()) {
    const outer = conditions.slice(0, -1);
    const last = conditions.at(-1);
    const twin = arms.findIndex(
      (other, place) =>
        place > index &&
        other.value === value &&
        other.conditions.length === conditions.length &&
        outer.every((condition, position) => condition === other.conditions[position]) &&
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

function combine(arms: readonly { value: string; condition: string | undefined }[], tensorflow: string): Choice {
  const [first, ...rest] = arms.filter(
    (arm, index) => arms.findIndex((other) => other.value === arm.value && other.condition === arm.condition) === index,
  );
  const plain = `${tensorflow}.distribute.get_strategy()`;
  if (first === undefined) return { value: plain };
  const several = new Refusal(RefusalReason.DynamicArguments, 'several models are spread over different GPUs here');
  if (first.condition === undefined) {
    if (rest.some((arm) => arm.value !== first.value || arm.condition !== undefined)) throw several;
    return { value: first.value };
  }
  if (rest.some((arm) => arm.condition === first.condition || arm.condition === undefined)) throw several;
  if (rest.length === 1 && areOpposite(first.condition, rest[0]?.condition)) {
    const other = rest[0]?.value ?? plain;
    return other === first.value
      ? { value: first.value }
      : { value: first.value, condition: first.condition, otherwise: other };
  }
  const last = combine(rest, tensorflow);
  return {
    value: first.value,
    condition: first.condition,
    otherwise: last.condition === undefined ? last.value : `(${strategyText(last)})`,
  };
}

function areOpposite(a: string, b: string | undefined): boolean {
  return b === `not ${a}` || b === `not (${a})` || a === `not ${b}` || (b !== undefined && negate(a) === b);
}

/** The conditions between a block and a wrap in it, outermost first. */
function pathTo(site: WrapSite, block: PyNode): { conditions: Condition[]; fallback: PyNode | undefined } {
  const conditions: Condition[] = [];
  let fallback: PyNode | undefined;
  if (site.conditional !== undefined)
    conditions.unshift({ node: site.conditional.condition, negated: site.conditional.negated });
  for (let node: PyNode = site.statement; node !== block;) {
    const owner = node.parent;
    if (owner === undefined || owner === block) break;
    if (owner.type === 'block' && owner.parent !== undefined) {
      const statement = statementOf(owner.parent);
      if (isLoop(statement))
        throw new Refusal(RefusalReason.WrappedInLoop, 'the wrap stands in a loop, the model is built outside it');
      if (statement.type === 'if_statement') conditions.unshift(...branchConditions(statement, owner));
      else if (statement.type === 'try_statement') {
        if (
          childByField(statement, 'body') !== owner ||
          statement.children.some((child) => child.type === 'finally_clause')
        ) {
          throw new Refusal(RefusalReason.EvaluationOrder, 'the wrap stands in an except, else or finally block');
        }
        fallback = statement;
      }
      node = statement;
    } else {
      node = owner;
    }
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

function conditionText(condition: Condition, text: string): string {
  const plain =
    condition.node.type === 'parenthesized_expression' && text.startsWith('(') && text.endsWith(')')
      ? text.slice(1, -1).trim()
      : text;
  const flat = plain.includes('\n') ? `(${plain})` : plain;
  return condition.negated ? negate(flat) : flat;
}

const OPPOSITES = new Map([
  ['>', '<='],
  ['<=', '>'],
  ['<', '>='],
  ['>=', '<'],
  ['==', '!='],
  ['!=', '=='],
]);

/** The opposite of a condition, as a person would write it. */
export function negate(condition: string): string {
  const comparison = /^([\w.]+(?:\([\w.]*\))?)\s*(<=|>=|==|!=|<|>)\s*([\w.]+|'[^']*'|"[^"]*")$/.exec(condition);
  if (comparison !== null) {
    const [, left = '', operator = '', right = ''] = comparison;
    return `${left} ${OPPOSITES.get(operator) ?? operator} ${right}`;
  }
  const negation = /^not\s+([\w.]+(?:\([^()]*\))?)$/.exec(condition);
  if (negation !== null) return negation[1] ?? condition;
  return /^[\w.]+(\([^()]*\))?$/.test(condition) ? `not ${condition}` : `not (${condition})`;
}

function operand(condition: string): string {
  return /\b(or|if|lambda)\b/.test(condition) ? `(${condition})` : condition;
}

function countText(module: PythonModule, gpus: PyNode, text: string): string {
  if (gpus.type === 'list' || gpus.type === 'tuple') return String(namedChildren(gpus).length);
  return gpus.type === 'identifier' && module.source.textOf(gpus) !== text ? `(${text})` : text;
}
