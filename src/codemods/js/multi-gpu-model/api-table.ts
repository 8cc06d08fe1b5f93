/** The names of `multiGpuModel` and of the modules that export it. Data only. */

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
