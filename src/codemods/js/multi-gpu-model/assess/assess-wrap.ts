/** Judges one wrap on its own: its arguments, its model, its strategy, its uses. Pure. */
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { WrapCall } from '../find/multi-gpu-uses.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { memberName, type Node, walk } from '../../syntax/syntax-tree.js';
import { type Place, placeOf, usesOf } from '../analyze/access-path.js';
import { partStatements } from '../analyze/model-parts.js';
import { indexIn, isFunction, isInside, listAround, type StatementList } from '../analyze/statement-list.js';
import { crossingsBetween, targetOf } from '../analyze/value-target.js';
import { BUILDING_METHODS } from '../api-table.js';
import { readArguments, type WrapArguments } from '../find/wrap-arguments.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

import { type Site, SiteFinder } from './build-sites.js';
import { ExpressionMover } from './moved-expression.js';
import { planStrategy, type StrategyPlan } from './strategy-plan.js';
import { fallbackProblem } from './try-fallback.js';
import { isInStrategyScope, useProblem } from './use-problem.js';

/** A wrap that can be rewritten, as far as it alone is concerned. */
export interface Candidate {
  readonly wrap: WrapCall;
  readonly arguments: WrapArguments;
  readonly result: Place | undefined;
  readonly scopes: readonly { readonly site: Site; readonly strategy: StrategyPlan }[];
}

const HARMLESS_METHODS: ReadonlySet<string> = new Set([
  ...BUILDING_METHODS,
  'apply',
  'summary',
  'push',
  'log',
  'info',
  'warn',
]);

export class Judge {
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #sites: SiteFinder;
  readonly #mover: ExpressionMover;
  readonly #wraps: readonly WrapCall[];

  constructor(source: JavaScriptSource, origins: Origins, wraps: readonly WrapCall[]) {
    this.#source = source;
    this.#origins = origins;
    this.#wraps = wraps;
    this.#sites = new SiteFinder(source, origins.names, wraps);
    this.#mover = new ExpressionMover(source, origins.names);
  }

  judge(wrap: WrapCall): Candidate | Refusal {
    const { names } = this.#origins;
    if (isInStrategyScope(wrap.call, this.#source, names)) {
      return refuse(RefusalReason.AlreadyInScope, 'it stands inside the scope of a strategy already');
    }
    const isNested = this.#wraps.some(
      ({ call }) => call !== wrap.call && (isInside(call, wrap.call) || isInside(wrap.call, call)),
    );
    if (isNested) return refuse(RefusalReason.TemplateUsedSeparately, 'what it wraps is wrapped already');
    const read = readArguments(wrap.call);
    if (isRefusal(read)) return read;
    const template = placeOf(read.model, names);
    const { place: result } = targetOf(wrap.call, names);
    const problem = useProblem(wrap.call, template, result, this.#source, names);
    if (problem !== undefined) return problem;
    const sites = this.#sites.find(wrap, read);
    if (isRefusal(sites)) return sites;
    const scopes: { site: Site; strategy: StrategyPlan }[] = [];
    for (const site of sites) {
      const scope = this.#withStrategy(site, result);
      if (isRefusal(scope)) return scope;
      scopes.push(scope);
    }
    return { wrap, arguments: read, result, scopes };
  }

  /** Opens the scope as early as the parts of the model are made, or as wide as its uses reach, where the strategy can be known there. */
  #withStrategy(site: Site, result: Place | undefined): { site: Site; strategy: StrategyPlan } | Refusal {
    const wider = this.#widened(site, result);
    if (wider !== undefined) {
      const strategy = this.#strategy(wider);
      if (!isRefusal(strategy)) return this.#withParts(wider, result, strategy);
    }
    const strategy = this.#strategy(site);
    return isRefusal(strategy) ? strategy : this.#withParts(site, result, strategy);
  }

  #withParts(site: Site, result: Place | undefined, strategy: StrategyPlan): { site: Site; strategy: StrategyPlan } {
    if (site.list === undefined) return { site, strategy };
    const uses = placesOf(site, result).flatMap((place) => usesOf(place, this.#source, this.#origins.names));
    const earlier = [...partStatements(uses, site.list, this.#source, this.#origins)]
      .filter((index) => index < site.first)
      .sort((a, b) => a - b);
    for (const first of earlier) {
      const moved = { ...site, first };
      const earlierStrategy = this.#strategy(moved);
      if (!isRefusal(earlierStrategy)) return { site: moved, strategy: earlierStrategy };
    }
    return { site, strategy };
  }

  #strategy(site: Site): StrategyPlan | Refusal {
    const { list } = site;
    const strategy = planStrategy(
      site,
      this.#mover,
      (from) =>
        list !== undefined && this.#isOpaqueBetween(list, site.first, isInside(from, list.owner) ? from : site.at),
    );
    if (isRefusal(strategy) || strategy.fallback === undefined) return strategy;
    return fallbackProblem(strategy.fallback, site, this.#source) ?? strategy;
  }

  /** The site with its scope round the `if` that builds the model, when the model is compiled after it. */
  #widened(site: Site, result: Place | undefined): Site | undefined {
    let wider: Site | undefined;
    let list = site.list;
    while (list !== undefined && result !== undefined) {
      const block = list.owner;
      const parent = block.parent;
      if (block.type !== AST_NODE_TYPES.BlockStatement || parent?.type !== AST_NODE_TYPES.IfStatement) break;
      const outer = listAround(parent);
      if (outer === undefined) break;
      const isKept = result.variable === undefined || isInside(outer.owner, result.variable.scope.block as Node);
      const isUsedAfter = usesOf(result, this.#source, this.#origins.names).some(
        ({ node, member }) => member === 'compile' && isInside(node, outer.owner) && node.range[0] > parent.range[1],
      );
      if (!isKept || !isUsedAfter) break;
      list = outer;
      wider = { ...site, list, first: indexIn(list, parent), crossings: crossingsBetween(site.at, list) };
    }
    return wider;
  }

  /** Whether code that may do anything runs between the start of a statement and a node. */
  #isOpaqueBetween(list: StatementList, first: number, from: Node): boolean {
    let isOpaque = false;
    for (const statement of list.statements.slice(first)) {
      if (isOpaque || statement.range[0] >= from.range[0]) break;
      walk(statement, this.#source.visitorKeys, (node) => {
        if (isOpaque || isFunction(node)) return false;
        if (node.range[1] > from.range[0]) return undefined;
        if (node.type !== AST_NODE_TYPES.CallExpression && node.type !== AST_NODE_TYPES.NewExpression) return undefined;
        if (this.#origins.originOf(node.callee) !== undefined) return undefined;
        const member = node.callee.type === AST_NODE_TYPES.MemberExpression ? memberName(node.callee) : undefined;
        if (member === undefined || !HARMLESS_METHODS.has(member)) isOpaque = true;
        return undefined;
      });
    }
    return isOpaque;
  }
}

/** Every place that holds the model of a site. */
export function placesOf({ model, aliases }: Site, result: Place | undefined): Place[] {
  return [...(model === undefined ? [] : [model]), ...aliases, ...(result === undefined ? [] : [result])];
}
