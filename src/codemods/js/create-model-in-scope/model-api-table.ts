/** The names of the APIs that create, train and use strategies and models. Data only. */

/** The specifiers of the runtime. */
export const RUNTIME_MODULES: readonly string[] = ['mirrorscope'];

/** Classes of the runtime that have a scope for models. */
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

/** Properties of the argument of `compile`; with a training call they distinguish a model from other objects. */
export const COMPILE_PROPERTIES: ReadonlySet<string> = new Set(['optimizer', 'loss']);

/** Functions that call their callback at once or from the event loop: it runs in no scope that the call is not in. */
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
