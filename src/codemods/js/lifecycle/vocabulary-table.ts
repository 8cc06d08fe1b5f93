/**
 * What each method of a TensorFlow.js model is for, the groups of them that planners ask about, and the names that create
 * models and strategies. Data only.
 */
import { membersFor, type ModelVocabulary } from '../../lifecycle/model-role.js';

const MODEL_MEMBERS: ModelVocabulary = new Map([
  ['add', 'builds'],
  ['pop', 'builds'],
  ['build', 'builds'],
  ['compile', 'compiles'],
  ['fit', 'trains'],
  ['fitDataset', 'trains'],
  ['fitLoop', 'trains'],
  ['trainOnBatch', 'trains'],
  ['evaluate', 'evaluates'],
  ['evaluateDataset', 'evaluates'],
  ['predict', 'predicts'],
  // The result is the same on any number of replicas, unlike in Keras.
  ['predictOnBatch', 'predicts'],
  ['save', 'saves'],
  ['loadWeights', 'loads-weights'],
  ['setWeights', 'sets-weights'],
  ['summary', 'inspects'],
  ['layers', 'holds-layers'],
  ['getLayer', 'holds-layers'],
]);

/** Builds or configures a model, and belongs inside the scope. */
export const BUILDS = membersFor(MODEL_MEMBERS, 'builds', 'compiles', 'loads-weights', 'sets-weights');

/** Trains a model. */
export const TRAINS = membersFor(MODEL_MEMBERS, 'trains');

/** Uses what `compile` has set. */
export const RUNS_COMPILED = membersFor(MODEL_MEMBERS, 'trains', 'evaluates');

/** Uses a model, and stays outside the scope. */
export const OUTSIDE_SCOPE: ReadonlySet<string> = new Set([
  ...membersFor(MODEL_MEMBERS, 'trains', 'evaluates', 'predicts', 'saves'),
  'dispose',
]);

/** Means something else on the wrapped model, which has its template as a single layer. */
export const HOLDS_LAYERS = membersFor(MODEL_MEMBERS, 'holds-layers');

/** The specifier of the runtime. */
export const RUNTIME_MODULE = 'mirrorscope';

/** Classes of the runtime that have a scope for models. */
export const STRATEGY_CLASSES: ReadonlySet<string> = new Set([
  'MirroredStrategy',
  'MultiWorkerMirroredStrategy',
  'OneDeviceStrategy',
]);

/** Classes and functions that create a strategy or return the current one. */
export const STRATEGY_MAKERS: ReadonlySet<string> = new Set([...STRATEGY_CLASSES, 'getStrategy']);

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

/** Members of tfjs that create models and parts of models. */
export const MODEL_PART_MEMBERS: ReadonlySet<string> = new Set([
  'sequential',
  'model',
  'input',
  'Input',
  'layers',
  'train',
  'metrics',
  'losses',
  'initializers',
  'regularizers',
  'constraints',
  'loadLayersModel',
  'loadModel',
]);

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
