/**
 * Calls back when any code constructs, compiles, builds or trains a model. Changes the prototypes of one copy of
 * TensorFlow.js's model classes until the caller undoes it.
 * Relies on tfjs-layers 4.22: engine/training.ts (the constructor of `LayersModel` assigns `isTraining` first, on every
 * subclass; `compile`), models.ts (`Sequential.build` constructs a model inside itself; `Sequential.compile`).
 */
import type { LayersApi } from './layers-copies.js';

import { overrideProperty } from './override-property.js';

interface ModelPrototype {
  compile: (this: object, args: unknown) => void;
  build: (this: object, inputShape?: unknown) => void;
  fit: TrainingMethod;
  fitDataset: TrainingMethod;
  trainOnBatch: TrainingMethod;
}

type TrainingMethod = (this: object, ...args: unknown[]) => unknown;

/** Gets the models as their code reaches each point. */
export interface ModelConstructionHooks {
  /** The model has no layers yet. Not called for the model that a `Sequential` builds inside itself. */
  constructed(model: object): void;
  /** Throw to refuse the call. */
  beforeCompile(model: object): void;
  /** `method` is `fit`, `fitDataset` or `trainOnBatch`. A `Sequential` calls the method of the model inside it. */
  beforeTraining(model: object, method: string): void;
}

/**
 * Installs hooks in one copy of the layers API.
 *
 * @param api - The copy to change.
 * @param hooks - What to call.
 * @returns A function that puts everything back.
 */
export function hookModelConstruction(api: LayersApi, hooks: ModelConstructionHooks): () => void {
  const model = api.LayersModel.prototype as ModelPrototype;
  const sequential = api.Sequential.prototype as ModelPrototype;
  let buildDepth = 0;

  Object.defineProperty(model, 'isTraining', {
    configurable: true,
    set(this: object, value: unknown) {
      Object.defineProperty(this, 'isTraining', { value, writable: true, enumerable: true, configurable: true });
      if (buildDepth === 0) hooks.constructed(this);
    },
  });
  const compiles = [model, sequential].map((prototype) => {
    const { compile } = prototype;
    return overrideProperty(prototype, 'compile', function (args) {
      hooks.beforeCompile(this);
      compile.call(this, args);
    });
  });
  const trainings = [model, sequential].flatMap((prototype) =>
    (['fit', 'fitDataset', 'trainOnBatch'] as const).map((method) => {
      const original = prototype[method];
      return overrideProperty(prototype, method, function (...args) {
        hooks.beforeTraining(this, method);
        return original.apply(this, args);
      });
    }),
  );
  // The inner model of a Sequential belongs to the strategy of the Sequential, wherever it is built.
  const { build } = sequential;
  const restoreBuild = overrideProperty(sequential, 'build', function (inputShape) {
    buildDepth += 1;
    try {
      build.call(this, inputShape);
    } finally {
      buildDepth -= 1;
    }
  });
  return () => {
    Reflect.deleteProperty(model, 'isTraining');
    for (const restore of [...compiles, ...trainings, restoreBuild]) restore();
  };
}
