/**
 * Notices the models that are constructed while a strategy's scope is open, whoever constructs them. It changes the
 * prototypes of TensorFlow.js's two model classes for as long as a scope is open, and puts them back after the last one.
 */
import type { DistributionStrategy } from '../distribute/distribution-strategy.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { currentFrame } from '../distribute/context.js';
import { partsOf } from '../distribute/strategy-parts.js';
import { type LayersApi, loadedLayersApis } from '../tfjs/layers-copies.js';
import { hookModelConstruction } from '../tfjs/model-construction-hooks.js';

import { strategyOfModel } from './model-strategy.js';
import { registerLayers } from './sync-batch-normalization.js';

/** The watch over one copy of the layers API, shared by all open scopes. */
interface Watch {
  scopes: number;
  readonly stop: () => void;
}

const WATCH = Symbol.for('mirrorscope.watch');

interface WatchedPrototype {
  [WATCH]?: Watch;
}

/** The strategy in whose scope a model that is being constructed now belongs. */
function openScope(): DistributionStrategy | undefined {
  const frame = currentFrame();
  return frame?.replica === undefined ? frame?.strategy : undefined;
}

function refuseForeignModel(model: object): void {
  const strategy = openScope();
  if (strategy === undefined || strategyOfModel(model) === strategy) return;
  throw new MirrorscopeError(
    ErrorCode.StrategyMisuse,
    'A model that was made outside this scope is compiled inside it.',
    {
      hint: 'Build the model inside the same strategy.scope(() => { … }) in which you compile it.',
    },
  );
}

function watch(api: LayersApi): Watch {
  const stop = hookModelConstruction(api, {
    constructed(model) {
      const strategy = openScope();
      if (strategy !== undefined) partsOf(strategy).modelScope.adopt(model, strategy);
    },
    beforeCompile: refuseForeignModel,
  });
  return { scopes: 0, stop };
}

function enter(api: LayersApi): () => void {
  const prototype = api.LayersModel.prototype as WatchedPrototype;
  let current = prototype[WATCH];
  if (current === undefined) {
    current = watch(api);
    Object.defineProperty(prototype, WATCH, { value: current, configurable: true });
  }
  const entered = current;
  entered.scopes += 1;
  return () => {
    entered.scopes -= 1;
    if (entered.scopes > 0) return;
    entered.stop();
    Reflect.deleteProperty(prototype, WATCH);
  };
}

/**
 * Begins to distribute the models that code inside an open scope constructs.
 *
 * @returns A function that ends it for this scope.
 */
export function watchModelConstruction(tf: TensorFlowJs): () => void {
  registerLayers(tf);
  const watched = loadedLayersApis(tf);
  const leave = watched.map(enter);
  return () => {
    for (const end of leave) end();
    if (loadedLayersApis(tf).length === watched.length) return;
    console.warn(
      'mirrorscope: another copy of TensorFlow.js was loaded inside strategy.scope. Models made with it there do not train ' +
        'through the strategy: load TensorFlow.js before opening the scope.',
    );
  };
}
