/** The names of `multiGpuModel`, of the modules that export it, and of members of models and strategies. Data only. */

/** Packages that export it, directly or from a path below (`keras/utils`). */
export const MULTI_GPU_MODULES: readonly string[] = [
  'keras',
  'keras-js',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-layers',
  'tfjs',
  'tfjs-layers',
  'tfjs-node',
  'tfjs-node-gpu',
];

export const MULTI_GPU_NAMES: ReadonlySet<string> = new Set(['multiGpuModel', 'multi_gpu_model']);

/** Members that may be between a module and the function: `tf.keras.utils.multiGpuModel`. */
export const MULTI_GPU_CONTAINERS: ReadonlySet<string> = new Set([
  'keras',
  'utils',
  'multiGpuUtils',
  'multi_gpu_utils',
  'trainingUtils',
  'training_utils',
]);

/** Modules that register a backend when they load, so that an import without names still has an effect. */
export const MODULES_WITH_EFFECTS: ReadonlySet<string> = new Set([
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  'tfjs',
  'tfjs-node',
  'tfjs-node-gpu',
]);

/** Methods that build or configure a model, and belong inside the scope. */
export const BUILDING_METHODS: ReadonlySet<string> = new Set([
  'add',
  'pop',
  'build',
  'compile',
  'setWeights',
  'loadWeights',
]);

/** Methods that use a model, and stay outside the scope. */
export const USING_METHODS: ReadonlySet<string> = new Set([
  'fit',
  'fitDataset',
  'fitLoop',
  'trainOnBatch',
  'evaluate',
  'evaluateDataset',
  'predict',
  'predictOnBatch',
  'save',
  'dispose',
]);

/** Methods that train or evaluate a model. */
export const TRAINING_METHODS: ReadonlySet<string> = new Set([
  'fit',
  'fitDataset',
  'trainOnBatch',
  'evaluate',
  'evaluateDataset',
]);

/** Classes and functions that create a strategy or return the current one. */
export const STRATEGY_MAKERS: ReadonlySet<string> = new Set([
  'MirroredStrategy',
  'MultiWorkerMirroredStrategy',
  'OneDeviceStrategy',
  'getStrategy',
]);

/** Members that mean something else on the wrapped model, which has its template as a single layer. */
export const STRUCTURE_MEMBERS: ReadonlySet<string> = new Set(['layers', 'getLayer']);

/** Members of TensorFlow.js that create models and parts of models. */
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
