/** Under which modules, members and names `multiGpuModel` is known. Data only. */

/** Modules that have it, as a package or below one (`keras/utils`). */
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

/** Members that may stand between a module and the function: `tf.keras.utils.multiGpuModel`. */
export const MULTI_GPU_CONTAINERS: ReadonlySet<string> = new Set([
  'keras',
  'utils',
  'multiGpuUtils',
  'multi_gpu_utils',
  'trainingUtils',
  'training_utils',
]);

/** Loading these registers a backend, so that an import without names has a use of its own. */
export const MODULES_WITH_EFFECTS: ReadonlySet<string> = new Set([
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  'tfjs',
  'tfjs-node',
  'tfjs-node-gpu',
]);

/** Methods that build or configure a model: they belong inside the scope. */
export const BUILDING_METHODS: ReadonlySet<string> = new Set([
  'add',
  'pop',
  'build',
  'compile',
  'setWeights',
  'loadWeights',
]);

/** Methods that use a model: they stay outside the scope. */
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

/** Members that mean something else on the wrapped model, which holds its template as one layer. */
export const STRUCTURE_MEMBERS: ReadonlySet<string> = new Set(['layers', 'getLayer']);

/** Members of TensorFlow.js under which the parts of a model are made. */
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
