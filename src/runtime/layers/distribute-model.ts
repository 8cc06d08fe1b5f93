/**
 * Makes one model train, evaluate and predict through a strategy. Replaces methods of the model instance; writes to the
 * console.
 */
import type { DistributionStrategy } from '../distribute/distribution-strategy.js';
import type { DistributableModel, PredictFunction, TestFunction } from '../tfjs/layers-model.js';
import type { ModelFunctions } from './model-functions.js';
import type { TracingEngine } from './ports/tracing-engine.js';

import { currentFrame } from '../distribute/context.js';
import { partsOf, type StrategyParts } from '../distribute/strategy-parts.js';
import { isTapeOn } from '../tfjs/gradient-tape.js';

import { eagerModelFunctions } from './eager-model-functions.js';
import { type FeedableMethods, feedingMethods } from './feed-model.js';
import { setStrategyOfModel } from './model-strategy.js';

type Methods = Pick<DistributableModel, 'makeTrainFunction' | 'makeTestFunction' | 'predictLoop'> & FeedableMethods;

function define(model: object, name: string, value: unknown): void {
  Object.defineProperty(model, name, { value, configurable: true, writable: true });
}

/** Distributes the inner model of a Sequential, which does its training, as soon as it is built. */
function distributeInnerModel(
  sequential: object,
  strategy: DistributionStrategy,
  tracing: TracingEngine | undefined,
): void {
  let inner: unknown;
  Object.defineProperty(sequential, 'model', {
    configurable: true,
    enumerable: true,
    get: () => inner,
    set(model: unknown) {
      inner = model;
      if (model !== null && typeof model === 'object') distributeModel(model, strategy, tracing);
    },
  });
}

/** Code inside a replica already has its own rows, so a model behaves there as it does without a strategy. */
function inReplica(): boolean {
  return currentFrame()?.replica !== undefined;
}

/** Refuses a disposed model, as its layers would. */
function requireUndisposed({ layers }: DistributableModel): void {
  // Layers are missing while the model is constructed.
  for (const layer of (layers as DistributableModel['layers'] | undefined) ?? []) layer.assertNotDisposed?.();
}

function warnOfOtherBackend(model: string, backend: string): void {
  console.warn(
    `mirrorscope: the steps of "${model}" run operation by operation, because TensorFlow.js's current backend is ` +
      `${backend}. The results are the same; with tf.setBackend('mirrorscope') they are faster.`,
  );
}

/** Backups need their own loops, also where TensorFlow.js's functions are right. */
function definePlainMethods(model: DistributableModel, own: Methods, parts: StrategyParts): void {
  const functions = (): ModelFunctions => ({
    train: own.makeTrainFunction.call(model),
    test: (data) => model.testFunction(data),
    predict: (...args) => own.predictLoop.apply(model, args),
    counters: [],
  });
  const methods = feedingMethods(parts.runner.tf, model, own, functions, parts);
  for (const [name, method] of Object.entries(methods)) if (name !== 'evaluateDataset') define(model, name, method);
}

/** Makes a model train through a strategy. The model may be under construction, and still without layers. */
export function distributeModel(
  target: object,
  strategy: DistributionStrategy,
  tracing: TracingEngine | undefined,
): void {
  const model = target as DistributableModel;
  setStrategyOfModel(model, strategy);
  distributeInnerModel(model, strategy, tracing);
  const parts = partsOf(strategy);
  const { runner, topology, execution } = parts;
  // With one replica and no tracing engine, TensorFlow.js's own functions give the right result.
  const accumulates = (execution.gradientAccumulationSteps ?? 1) > 1;
  const own: Methods = Object.getPrototypeOf(model) as Methods;
  if (!topology.isReplicated && tracing === undefined && !accumulates) {
    definePlainMethods(model, own, parts);
    return;
  }
  let made: ModelFunctions | undefined;
  let eager: ModelFunctions | undefined;
  let isWarned = false;
  const eagerFunctions = (): ModelFunctions => (eager ??= eagerModelFunctions(model, own, strategy));
  const functions = (): ModelFunctions => {
    requireUndisposed(model);
    if (tracing === undefined) return eagerFunctions();
    if (tracing.isBackendCurrent()) return (made ??= tracing.distributeModel(model, strategy, eagerFunctions()));
    if (!isWarned) warnOfOtherBackend(model.name, runner.tf.getBackend());
    isWarned = true;
    return eagerFunctions();
  };
  for (const [name, method] of Object.entries(feedingMethods(runner.tf, model, own, functions, parts)))
    define(model, name, method);
  define(model, 'makeTestFunction', () => {
    own.makeTestFunction.call(model);
    const { testFunction } = model;
    const test: TestFunction = (data) => (inReplica() ? testFunction(data) : functions().test(data));
    model.testFunction = test;
  });
  // A gradient needs to see each operation.
  const predictLoop: PredictFunction = (...args) =>
    inReplica() || isTapeOn(runner.tf) ? own.predictLoop.apply(model, args) : functions().predict(...args);
  define(model, 'predictLoop', predictLoop);
}
