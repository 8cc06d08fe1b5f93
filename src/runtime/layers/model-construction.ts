/**
 * Finds the models that any code constructs inside a strategy's scope. Changes the prototypes of TensorFlow.js's model
 * classes while a scope is open, and restores them when the last one has ended.
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

/** The hooks in one copy of the layers API, which all open scopes share. */
interface Watch {
  scopes: number;
  readonly stop: () => void;
}

const WATCH = Symbol.for('mirrorscope.watch');

interface WatchedPrototype {
  [WATCH]?: Watch;
}

/** Finds the strategy whose scope the running code is in. */
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

/** The models that a warning was printed for. */
const WARNED = new WeakSet<object>();

function warnOfForeignModel(model: object, method: string): void {
  const strategy = openScope();
  if (strategy === undefined || strategy.numReplicasInSync === 1 || strategyOfModel(model) === strategy) return;
  if (WARNED.has(model)) return;
  WARNED.add(model);
  // A Sequential trains the model inside it.
  const { model: inner } = model as { readonly model?: object };
  if (inner !== undefined) WARNED.add(inner);
  console.warn(
    `mirrorscope: ${method} is called inside a scope, but "${(model as { name: string }).name}" was made outside it and ` +
      'does not train through the strategy. Build and compile the model inside strategy.scope(() => { … }).',
  );
}

function watch(api: LayersApi): Watch {
  const stop = hookModelConstruction(api, {
    constructed(model) {
      const strategy = openScope();
      if (strategy !== undefined) partsOf(strategy).modelScope.adopt(model, strategy);
    },
    beforeCompile: refuseForeignModel,
    beforeTraining: warnOfForeignModel,
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
 * Begins to distribute the models that code constructs inside a scope.
 *
 * @param tf - The TensorFlow.js in use.
 * @returns A function to call when the scope ends.
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
