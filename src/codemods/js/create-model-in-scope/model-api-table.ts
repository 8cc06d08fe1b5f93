/** The names by which strategies and models are made, trained and used. Data only. */

/** Under which specifiers the runtime is imported. */
export const RUNTIME_MODULES: readonly string[] = ['mirrorscope'];

/** Classes of the runtime whose scope a model is built in. */
export const STRATEGY_CLASSES: ReadonlySet<string> = new Set([
  'MirroredStrategy',
  'MultiWorkerMirroredStrategy',
  'OneDeviceStrategy',
]);

/** Functions of tfjs that return a new LayersModel (or a promise of one), as paths from its exports. */
export const MODEL_FACTORIES: ReadonlySet<string> = new Set([
  'sequential',
  'model',
  'loadLayersModel',
  'loadModel',
  'models.modelFromJSON',
]);

/** Classes of tfjs whose instances, or the instances of whose subclasses, are models. */
export const MODEL_CLASSES: ReadonlySet<string> = new Set(['LayersModel', 'Sequential', 'Model']);

/** Methods of a model that train it. */
export const TRAINING_METHODS: ReadonlySet<string> = new Set(['fit', 'fitDataset', 'trainOnBatch']);

/** Properties of the argument of `compile`: together with a training call they tell a model from any other object. */
export const COMPILE_PROPERTIES: ReadonlySet<string> = new Set(['optimizer', 'loss']);

/**
 * Functions and methods that call their callback from where they are called, or later from the
 * event loop: either way in no scope that was not open at the call.
 */
export const PLAIN_CALLBACK_TAKERS: ReadonlySet<string> = new Set([
  'catch',
  'finally',
  'flatMap',
  'forEach',
  'map',
  'reduce',
  'setImmediate',
  'setTimeout',
  'then',
  'tidy',
]);
