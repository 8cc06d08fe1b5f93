/**
 * The module specifiers that export each part of TensorFlow.js. tfjs-node and tfjs-node-gpu export everything that tfjs
 * exports. Data only.
 */

/** The two packages that run on the native library. */
export const NODE_MODULES: readonly string[] = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];

/** Modules whose exports are the union of core, layers, converter and data. */
export const UNION_MODULES: readonly string[] = [
  '@tensorflow/tfjs',
  ...NODE_MODULES,
  // The bundles that people import by file.
  '@tensorflow/tfjs/dist/index',
  '@tensorflow/tfjs/dist/index.js',
  '@tensorflow/tfjs/dist/tf',
  '@tensorflow/tfjs/dist/tf.js',
  '@tensorflow/tfjs/dist/tf.min',
  '@tensorflow/tfjs/dist/tf.min.js',
  '@tensorflow/tfjs/dist/tf.esm',
  '@tensorflow/tfjs/dist/tf.esm.js',
  '@tensorflow/tfjs/dist/tf.fesm',
  '@tensorflow/tfjs/dist/tf.fesm.js',
];

/** The specifiers of one part: the root of its package and its bundles. */
function partModules(part: 'core' | 'layers' | 'converter' | 'data'): readonly string[] {
  const name = `@tensorflow/tfjs-${part}`;
  return [
    name,
    `${name}/dist/index`,
    `${name}/dist/index.js`,
    `${name}/dist/tf-${part}.esm`,
    `${name}/dist/tf-${part}.esm.js`,
  ];
}

export const CORE_MODULES: readonly string[] = [...UNION_MODULES, ...partModules('core')];
export const LAYERS_MODULES: readonly string[] = [...UNION_MODULES, ...partModules('layers')];
export const CONVERTER_MODULES: readonly string[] = [...UNION_MODULES, ...partModules('converter')];

/** The package of the data pipeline, whose exports tfjs has under `data`. */
export const DATA_PACKAGE: readonly string[] = partModules('data');

/** Plain tfjs: the union modules without the Node bindings. */
export const PLAIN_UNION_MODULES: readonly string[] = UNION_MODULES.filter(
  (specifier) => !NODE_MODULES.includes(specifier),
);

/** Packages that register a backend for tfjs-core. */
export const BACKEND_MODULES: readonly string[] = [
  ...UNION_MODULES,
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-backend-wasm',
];

/** Patterns: its files export the same names as the package. */
export const DEEPLEARN_MODULES: readonly string[] = ['deeplearn', 'deeplearn/dist/**'];
export const KERAS_JS_MODULES: readonly string[] = ['keras-js'];
