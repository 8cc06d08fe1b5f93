/** Assesses one wrap on its own: its arguments, its model, its strategy and its uses. Pure. */
import type { StrategyTarget } from '../../../options.js';
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { AccessPath } from '../analyze/access-path.js';
import type { StatementList } from '../analyze/statement-list.js';
import type { WrapCall } from '../find/multi-gpu-uses.js';
import type { WrapArguments } from '../find/wrap-arguments.js';
import type { BuildSite } from './build-sites.js';
import type { StrategyPlan } from './strategy-plan.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { BUILDS } from '../../lifecycle/vocabulary-table.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { isFunction, isInside, memberName, type Node, walkInto } from '../../syntax/syntax-tree.js';
import { accessPathOf, usesOf } from '../analyze/access-path.js';
import { crossingsBetween } from '../analyze/crossings.js';
import { partStatements } from '../analyze/model-parts.js';
import { indexIn, listAroundBranch } from '../analyze/statement-list.js';
import { targetOf } from '../analyze/value-target.js';
import { readArguments } from '../find/wrap-arguments.js';

import { BuildSiteFinder } from './build-sites.js';
import { ExpressionMover } from './expression-mover.js';
import { planStrategy } from './strategy-plan.js';
import { isInStrategyScope } from './strategy-scope.js';
import { fallbackProblem } from './try-fallback.js';
import { useProblem } from './use-problem.js';

/** A wrap that can be migrated, unless it conflicts with other wraps. */
export interface Wrap {
  readonly wrapCall: WrapCall;
  readonly arguments: WrapArguments;
  /** Where the wrapped model is stored. */
  readonly result: AccessPath | undefined;
  readonly scopes: readonly WrapScope[];
}

/** Where the scope opens at one build site, and with which strategy. */
export interface WrapScope {
  readonly site: BuildSite;
  readonly strategy: StrategyPlan;
}

/** Methods whose calls do not change the value of a moved expression. */
const HARMLESS_METHODS: ReadonlySet<string> = new Set([...BUILDS, 'apply', 'summary', 'push', 'log', 'info', 'warn']);

/** Makes the function that assesses each wrap of a file. */
export function wrapAssessor(
  source: JavaScriptSource,
  origins: Origins,
  wrapCalls: readonly WrapCall[],
  strategy: StrategyTarget,
): (wrapCall: WrapCall) => Wrap | Refusal {
  const assessor = new WrapAssessor(source, origins, wrapCalls, strategy);
  return (wrapCall) => assessor.assess(wrapCall);
}

class WrapAssessor {
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #sites: BuildSiteFinder;
  readonly #mover: ExpressionMover;
  readonly #wrapCalls: readonly WrapCall[];
  readonly #strategy: StrategyTarget;

  constructor(source: JavaScriptSource, origins: Origins, wrapCalls: readonly WrapCall[], strategy: StrategyTarget) {
    this.#source = source;
    this.#origins = origins;
    this.#wrapCalls = wrapCalls;
    this.#strategy = strategy;
    this.#sites = new BuildSiteFinder(source, origins.names, wrapCalls);
    this.#mover = new ExpressionMover(source, origins.names);
  }

  assess(wrapCall: WrapCall): Wrap | Refusal {
    const { names } = this.#origins;
    const { call } = wrapCall;
    if (isInStrategyScope(call, this.#source, names)) return MULTI_GPU_REFUSALS.alreadyInScope;
    const isNested = this.#wrapCalls.some(
      (other) => other.call !== call && (isInside(other.call, call) || isInside(call, other.call)),
    );
    if (isNested) return MULTI_GPU_REFUSALS.nestedWraps;
    const read = readArguments(call);
    if (isRefusal(read)) return read;
    const result = targetOf(call, names)?.path;
    const problem = useProblem(call, accessPathOf(read.model, names), result, this.#source, names);
    if (problem !== undefined) return problem;
    const sites = this.#sites.find(wrapCall, read);
    if (isRefusal(sites)) return sites;
    const scopes: WrapScope[] = [];
    for (const site of sites) {
      const scope = this.#scopeAt(site, result);
      if (isRefusal(scope)) return scope;
      scopes.push(scope);
    }
    return { wrapCall, arguments: read, result, scopes };
  }

  /** Opens the scope around all uses and parts of the model, if the strategy can be created early enough. */
  #scopeAt(site: BuildSite, result: AccessPath | undefined): WrapScope | Refusal {
    const wider = this.#widened(site, result);
    if (wider !== undefined) {
      const strategy = this.#strategyAt(wider);
      if (!isRefusal(strategy)) return this.#scopeWithParts(wider, result, strategy);
    }
    const strategy = this.#strategyAt(site);
    return isRefusal(strategy) ? strategy : this.#scopeWithParts(site, result, strategy);
  }

  #scopeWithParts(site: BuildSite, result: AccessPath | undefined, strategy: StrategyPlan): WrapScope {
    if (site.list === undefined) return { site, strategy };
    const uses = pathsOfModel(site, result).flatMap((path) => usesOf(path, this.#source, this.#origins.names));
    const earlier = [...partStatements(uses, site.list, this.#source, this.#origins)]
      .filter((index) => index < site.first)
      .sort((a, b) => a - b);
    for (const first of earlier) {
      const earlierSite = { ...site, first };
      const earlierStrategy = this.#strategyAt(earlierSite);
      if (!isRefusal(earlierStrategy)) return { site: earlierSite, strategy: earlierStrategy };
    }
    return { site, strategy };
  }

  #strategyAt(site: BuildSite): StrategyPlan | Refusal {
    const { list, first, at } = site;
    const passesOpaqueCode = (from: Node): boolean =>
      // Nobody knows what runs between two methods.
      site.sharedBy !== undefined ||
      (list !== undefined && this.#runsOpaqueCode(list, first, isInside(from, list.owner) ? from : at));
    const strategy = planStrategy(site, this.#mover, this.#strategy, passesOpaqueCode);
    if (isRefusal(strategy) || strategy.fallback === undefined) return strategy;
    return fallbackProblem(strategy.fallback, site, this.#source) ?? strategy;
  }

  /** The site with its scope around the `if` that builds the model, if code after the `if` compiles the model. */
  #widened(site: BuildSite, result: AccessPath | undefined): BuildSite | undefined {
    if (result === undefined || site.list === undefined) return undefined;
    const compiles = usesOf(result, this.#source, this.#origins.names).filter(({ member }) => member === 'compile');
    let wider: BuildSite | undefined;
    for (let around = listAroundBranch(site.list); around !== undefined; around = listAroundBranch(around.outer)) {
      const { branch, outer } = around;
      const isVisible = result.variable === undefined || isInside(outer.owner, result.variable.scope.block);
      const isCompiledAfter = compiles.some(
        ({ node }) => isInside(node, outer.owner) && node.range[0] > branch.range[1],
      );
      if (!isVisible || !isCompiledAfter) break;
      wider = { ...site, list: outer, first: indexIn(outer, branch), crossings: crossingsBetween(site.at, outer) };
    }
    return wider;
  }

  /** Whether a call with unknown effects runs between the start of a statement and a node. */
  #runsOpaqueCode(list: StatementList, first: number, until: Node): boolean {
    const opaque: Node[] = [];
    for (const statement of list.statements.slice(first)) {
      if (statement.range[0] >= until.range[0]) break;
      walkInto(statement, this.#source.visitorKeys, (node) => {
        if (isFunction(node)) return false;
        if (node.range[1] <= until.range[0] && this.#isOpaqueCall(node)) opaque.push(node);
        return opaque.length === 0;
      });
    }
    return opaque.length > 0;
  }

  #isOpaqueCall(node: Node): boolean {
    if (node.type !== AST_NODE_TYPES.CallExpression && node.type !== AST_NODE_TYPES.NewExpression) return false;
    if (this.#origins.originOf(node.callee) !== undefined) return false;
    const member = node.callee.type === AST_NODE_TYPES.MemberExpression ? memberName(node.callee) : undefined;
    return member === undefined || !HARMLESS_METHODS.has(member);
  }
}

/** Every path that holds the model of a site. */
export function pathsOfModel({ model, aliases }: BuildSite, result: AccessPath | undefined): AccessPath[] {
  return [...(model === undefined ? [] : [model]), ...aliases, ...(result === undefined ? [] : [result])];
}
