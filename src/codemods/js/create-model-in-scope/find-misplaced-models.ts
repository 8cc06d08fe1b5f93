/**
 * Finds models that are built or compiled outside the scope of the strategy that must train them. By default it reports
 * only certain mistakes; the options add findings that can be false positives. Pure.
 */
import type { OriginQuery } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { TSESTree } from '@typescript-eslint/types';

import { LAYERS_MODULES } from '../../../catalogue/module-groups.js';
import { RUNTIME_MODULE } from '../lifecycle/vocabulary-table.js';
import { findOrigins } from '../origins/find-origins.js';
import { FunctionsInFile } from '../values/functions-in-file.js';

import { findModels, type ModelInFile } from './models.js';
import { type ScopeContext, scopeContextOf } from './scope-context.js';
import { findStrategies, type StrategyInFile } from './strategies.js';

/** Which findings to report that can be false positives. */
export interface PlacementOptions {
  /** Assume that other files call exported functions outside every scope. */
  readonly exportedFunctions: boolean;
  /** Report models outside the scope of a strategy even if other models are inside. */
  readonly everyModel: boolean;
}

export const CERTAIN_ONLY: PlacementOptions = { exportedFunctions: false, everyModel: false };

/**
 * - `built-outside`: built and trained in no scope, although the file creates a strategy.
 * - `compiled-inside`: built outside and compiled inside a scope, which the runtime rejects.
 * - `trained-inside`: built outside and trained inside a scope, which has no effect.
 * - `compiled-outside`: compiled outside, and built inside or in another file.
 */
export type Misplacement = 'built-outside' | 'compiled-inside' | 'trained-inside' | 'compiled-outside';

export interface MisplacedModel {
  readonly kind: Misplacement;
  readonly model: ModelInFile;
  readonly strategy: StrategyInFile;
  /** The call to move. */
  readonly call: TSESTree.CallExpression | TSESTree.NewExpression;
}

/** Finds the misplaced models of a file, in source order. */
export function findMisplacedModels(
  source: JavaScriptSource,
  options: PlacementOptions = CERTAIN_ONLY,
  redirect?: OriginQuery['redirect'],
): MisplacedModel[] {
  const origins = findOrigins(source, {
    isModule: (specifier) => specifier === RUNTIME_MODULE || LAYERS_MODULES.includes(specifier),
    ...(redirect === undefined ? {} : { redirect }),
  });
  if (!origins.sources.some(({ module }) => module === RUNTIME_MODULE) && redirect === undefined) return [];
  const functions = new FunctionsInFile(source, origins.names);
  const strategies = findStrategies(origins, functions);
  const [strategy] = strategies;
  if (strategy === undefined) return [];
  const unused = strategies.every(({ isUnused }) => isUnused);
  const checker = new PlacementChecker(strategy, functions, options, unused);
  return findModels(origins, functions)
    .flatMap((model) => checker.misplacements(model))
    .sort((a, b) => a.call.range[0] - b.call.range[0]);
}

class PlacementChecker {
  readonly #strategy: StrategyInFile;
  readonly #functions: FunctionsInFile;
  readonly #options: PlacementOptions;
  readonly #unused: boolean;

  constructor(strategy: StrategyInFile, functions: FunctionsInFile, options: PlacementOptions, unused: boolean) {
    this.#strategy = strategy;
    this.#functions = functions;
    this.#options = options;
    this.#unused = unused;
  }

  misplacements(model: ModelInFile): MisplacedModel[] {
    const { build, compileCalls, trainingCalls } = model;
    const found = (kind: Misplacement, call: MisplacedModel['call']): MisplacedModel => ({
      kind,
      model,
      strategy: this.#strategy,
      call,
    });
    const compiledOutside = compileCalls
      .filter(({ call }) => this.#isOutside(call))
      .map(({ call }) => found('compiled-outside', call));
    if (build === undefined) return this.#unused || this.#options.everyModel ? compiledOutside : [];
    const builtIn = this.#contextOf(build);
    if (builtIn.inside) return builtIn.outside || builtIn.unknown ? [] : compiledOutside;
    if (!this.#isOutside(build)) return [];
    if (compileCalls.some(({ call }) => this.#isInside(call))) return [found('compiled-inside', build)];
    if (trainingCalls.some(({ call }) => this.#isInside(call))) return [found('trained-inside', build)];
    return trainingCalls.length > 0 && (this.#unused || this.#options.everyModel)
      ? [found('built-outside', build)]
      : [];
  }

  #contextOf(node: TSESTree.Node): ScopeContext {
    return scopeContextOf(node, this.#strategy.creation, this.#functions);
  }

  #isOutside(node: TSESTree.Node): boolean {
    const { outside, inside, unknown } = this.#contextOf(node);
    return !inside && (outside || (unknown && this.#options.exportedFunctions));
  }

  #isInside(node: TSESTree.Node): boolean {
    const { outside, inside } = this.#contextOf(node);
    return inside && !outside;
  }
}
