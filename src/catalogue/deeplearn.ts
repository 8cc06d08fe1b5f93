/** deeplearn.js, which became tfjs-core at 0.6.0. Data only. */
import type { JavaScriptEntry } from './catalogue-entry.js';

import { DEEPLEARN_MODULES } from './module-groups.js';

/**
 * What deeplearn 0.5.1 and tfjs-core 4.22.0 export under one name with one meaning. Short on
 * purpose: a name belongs here only when nothing about its arguments or its result changed.
 */
const SAME_IN_CORE: readonly string[] = [
  'scalar',
  'tensor',
  'tensor1d',
  'tensor2d',
  'tensor3d',
  'tensor4d',
  'zeros',
  'ones',
  'fill',
  'zerosLike',
  'onesLike',
  'clone',
  'print',
  'add',
  'sub',
  'mul',
  'div',
  'neg',
  'abs',
  'exp',
  'log',
  'sqrt',
  'square',
  'sin',
  'cos',
  'tan',
  'tanh',
  'sigmoid',
  'relu',
  'softmax',
  'sum',
  'mean',
  'max',
  'min',
  'argMax',
  'argMin',
  'reshape',
  'transpose',
  'matMul',
  'concat',
  'expandDims',
  'tidy',
  'keep',
  'memory',
  'nextFrame',
];

const GRAPH_NAMES = [
  'Graph',
  'Session',
  'FeedEntry',
  'CostReduction',
  'GraphRunner',
  'SymbolicTensor',
  'MetricReduction',
] as const;
const INPUT_NAMES = [
  'InCPUMemoryShuffledInputProviderBuilder',
  'InGPUMemoryShuffledInputProviderBuilder',
  'InputProvider',
  'InMemoryDataset',
  'XhrDataset',
] as const;
const INITIALIZER_NAMES = [
  'ConstantInitializer',
  'VarianceScalingInitializer',
  'OnesInitializer',
  'ZerosInitializer',
  'RandomNormalInitializer',
  'RandomTruncatedNormalInitializer',
  'RandomUniformInitializer',
  'TensorInitializer',
] as const;
const OPTIMIZER_NAMES = [
  ['SGDOptimizer', 'sgd'],
  ['AdamOptimizer', 'adam'],
  ['AdamaxOptimizer', 'adamax'],
  ['AdadeltaOptimizer', 'adadelta'],
  ['AdagradOptimizer', 'adagrad'],
  ['MomentumOptimizer', 'momentum'],
  ['RMSPropOptimizer', 'rmsprop'],
] as const;

const WHOLE_PACKAGE = 'all that the file uses of deeplearn means the same in tfjs-core';

const REMOVED = {
  versionsOf: 'deeplearn',
  since: '0.0.1',
  deprecatedIn: null,
  removedIn: '0.6.0',
  replacement: null,
  note: 'No mechanical rewrite exists. Other programs, and the ndarray package, also have classes named CheckpointLoader or NDArray.',
  source: 'tfjs-core 60a9a9426 (#821), c756588f1 (#815), b0031b43b (#823), v0.5.1 src/index.ts',
} as const;

function removedName(name: string, replacement: string): JavaScriptEntry {
  return {
    ...REMOVED,
    id: `deeplearn ${name}`,
    kind: 'import',
    match: { by: 'export', places: [{ modules: DEEPLEARN_MODULES, path: [name] }] },
    fixClass: 'report',
    replacement,
    message: `${name} of deeplearn has no counterpart in TensorFlow.js; use ${replacement}.`,
  };
}

export const DEEPLEARN: readonly JavaScriptEntry[] = [
  {
    id: 'deeplearn',
    kind: 'import',
    match: { by: 'module', specifiers: DEEPLEARN_MODULES },
    fixClass: 'conditional',
    fix: { kind: 'replace-module', to: '@tensorflow/tfjs-core', exports: SAME_IN_CORE },
    condition: WHOLE_PACKAGE,
    message: 'deeplearn was renamed to @tensorflow/tfjs-core in 0.6.0.',
    versionsOf: 'deeplearn',
    since: '0.0.1',
    deprecatedIn: null,
    removedIn: '0.6.0',
    replacement: '@tensorflow/tfjs-core | @tensorflow/tfjs',
    note: 'The last release of deeplearn is 0.5.1 (0.6.0-alpha7). Renaming the import is enough only for code that uses no removed name.',
    source: 'package.json of tfjs-core 0.5.1 and 0.6.0',
  },
  ...['NDArrayMath', 'NDArrayMathGPU', 'NDArrayMathCPU'].map((name) => removedName(name, 'the functions of tf')),
  {
    ...REMOVED,
    id: 'deeplearn ENV.math',
    kind: 'member',
    match: { by: 'export', places: [{ modules: DEEPLEARN_MODULES, path: ['ENV', 'math'] }] },
    fixClass: 'report',
    replacement: 'the functions of tf',
    message: 'ENV.math of deeplearn has no counterpart in TensorFlow.js; use the functions of tf.',
  },
  {
    ...REMOVED,
    id: 'deeplearn math.scope',
    kind: 'member',
    match: { by: 'receiver', type: 'deeplearn.NDArrayMath', members: ['scope'] },
    fixClass: 'report',
    replacement: 'tf.tidy',
    message: 'math.scope of deeplearn is tf.tidy in TensorFlow.js.',
  },
  {
    ...REMOVED,
    id: 'deeplearn Scalar.new',
    kind: 'member',
    match: { by: 'export', places: [{ modules: DEEPLEARN_MODULES, path: ['Scalar', 'new'] }] },
    fixClass: 'conditional',
    fix: { kind: 'rename', to: ['scalar'] },
    condition: WHOLE_PACKAGE,
    replacement: 'scalar(x)',
    message: 'Scalar.new of deeplearn is the function scalar.',
    note: 'Together with the package: deeplearn has scalar only in its last releases.',
  },
  {
    ...REMOVED,
    id: 'deeplearn Array1D.new',
    kind: 'member',
    match: { by: 'export', places: [{ modules: DEEPLEARN_MODULES, path: ['Array1D', 'new'] }] },
    fixClass: 'conditional',
    fix: { kind: 'rename', to: ['tensor1d'] },
    condition: WHOLE_PACKAGE,
    replacement: 'tensor1d(values)',
    message: 'Array1D.new of deeplearn is the function tensor1d.',
    note: 'Together with the package: deeplearn has tensor1d only in its last releases.',
  },
  ...([2, 3, 4] as const).map((rank): JavaScriptEntry => ({
    ...REMOVED,
    id: `deeplearn Array${rank}D.new`,
    kind: 'member',
    match: { by: 'export', places: [{ modules: DEEPLEARN_MODULES, path: [`Array${rank}D`, 'new'] }] },
    fixClass: 'conditional',
    fix: { kind: 'permute-arguments', to: [`tensor${rank}d`], order: [1, 0, 2], minimumArguments: 2 },
    condition: `called directly with a shape and values, without spread arguments, and ${WHOLE_PACKAGE}`,
    replacement: `tensor${rank}d(values, shape)`,
    message: `Array${rank}D.new of deeplearn is the function tensor${rank}d, which takes the values first.`,
    note: '(shape, values, dtype) became (values, shape, dtype). Together with the package: deeplearn has the function only in its last releases.',
  })),
  ...['Scalar', 'Array1D', 'Array2D', 'Array3D', 'Array4D', 'NDArray'].map((name) =>
    removedName(
      name,
      name === 'NDArray' ? 'tf.Tensor, tf.zeros, tf.randomNormal' : 'the type tf.Tensor, tf.zeros, tf.randomNormal',
    ),
  ),
  ...GRAPH_NAMES.map((name) => removedName(name, 'eager functions with tf.train.*.minimize, or tf.model and fit')),
  ...INPUT_NAMES.map((name) => removedName(name, 'tf.data or tf.util.shuffle')),
  removedName('CheckpointLoader', 'tf.io.loadWeights or tf.loadLayersModel'),
  ...INITIALIZER_NAMES.map((name) => removedName(name, 'tf.initializers')),
  ...OPTIMIZER_NAMES.map(([name, factory]) => removedName(name, `tf.train.${factory}`)),
  {
    ...REMOVED,
    id: 'deeplearn NDArray#getValues',
    kind: 'member',
    match: { by: 'receiver', type: 'deeplearn.NDArray', members: ['getValues', 'getValuesAsync'] },
    fixClass: 'report',
    replacement: 'tensor.dataSync() or await tensor.data()',
    message: 'getValues of deeplearn is dataSync in TensorFlow.js.',
  },
];
