/** Python: Keras APIs that legacy multi-GPU code also uses. Data only. */
import type { PythonEntry } from './catalogue-entry.js';

/** The parameters of each `*_generator` method by position, in the order that every release of Keras 2 has. */
const GENERATOR_PARAMETERS = {
  fit: ['x', 'steps_per_epoch', 'epochs', 'verbose', 'callbacks', 'validation_data', 'validation_steps'],
  evaluate: ['x', 'steps'],
  predict: ['x', 'steps'],
} as const;

const KERAS_1_KEYWORDS = [
  'samples_per_epoch',
  'nb_epoch',
  'nb_val_samples',
  'nb_worker',
  'max_q_size',
  'pickle_safe',
  'val_samples',
] as const;

/** Keras 3 takes them in the constructor of `PyDataset`. */
const PY_DATASET_KEYWORDS = ['workers', 'max_queue_size', 'use_multiprocessing'] as const;

export const PYTHON_KERAS: readonly PythonEntry[] = [
  ...(['fit', 'evaluate', 'predict'] as const).map((method): PythonEntry => ({
    id: `Model.${method}_generator`,
    kind: 'member',
    match: { by: 'receiver', type: 'model', members: [`${method}_generator`] },
    migration: 'fit-generator',
    fixClass: 'conditional',
    fix: {
      kind: 'rename-call',
      to: method,
      parameters: GENERATOR_PARAMETERS[method],
      firstKeyword: 'generator',
      refusedKeywords: [...KERAS_1_KEYWORDS, ...PY_DATASET_KEYWORDS],
    },
    condition:
      'the generator is the first positional argument, the numbers of steps are integers or can be rounded up, and neither Keras 1 keywords nor workers=, max_queue_size= or use_multiprocessing= are passed',
    versionsOf: 'tensorflow',
    since: '1.x',
    deprecatedIn: '2.1.0',
    removedIn: '2.16.0',
    replacement: `model.${method}`,
    message: `Model.${method}_generator was removed in Keras 3; Model.${method} takes generators.`,
    note:
      'Deprecated in tf.keras 2.1.0; gone in Keras 3.0.0, which is TensorFlow 2.16; still in keras 2.13.1 and tf_keras. generator= became x=; samples_per_epoch and nb_epoch are Keras 1. ' +
      'validation_data may be a generator; the names of the steps are the same, and so is shuffling of a Sequence. max_queue_size, workers and use_multiprocessing moved to PyDataset in Keras 3.',
    source: 'wheels 2.0.0, 2.1.0; keras v3.0.0; tf-keras HEAD training.py:2879',
  })),
  {
    id: 'optimizer(lr=)',
    kind: 'option',
    match: {
      by: 'keyword',
      callees: ['keras.optimizers.*', 'tensorflow.keras.optimizers.*'],
      keywords: ['lr'],
    },
    migration: 'learning-rate',
    fixClass: 'fix',
    fix: { kind: 'rename-keyword', to: 'learning_rate' },
    versionsOf: 'keras',
    since: '1.x',
    deprecatedIn: '2.3.0',
    removedIn: '3.0.0',
    replacement: 'learning_rate=',
    message: 'Optimizers take learning_rate=; lr= is an error in Keras 3.',
    note: 'Renamed in standalone Keras 2.3.0 (lr is taken from the extra keywords); the new optimizers of tf_keras still take lr with a warning; Keras 3 says "Argument(s) not recognized". decay= is only warned about and ignored in Keras 3.',
    source: 'keras 36098bf0d7 (2019-06-25); Keras 3.15.1 base_optimizer.py:85-90; tf-keras optimizer.py:125',
  },
  {
    id: 'optimizer.lr',
    kind: 'member',
    match: { by: 'receiver', type: 'optimizer', members: ['lr'] },
    migration: 'learning-rate',
    fixClass: 'fix',
    fix: { kind: 'rename-member', to: 'learning_rate' },
    versionsOf: 'keras',
    since: '1.x',
    deprecatedIn: '2.3.0',
    removedIn: '3.0.0',
    replacement: 'optimizer.learning_rate',
    message: 'optimizer.lr is optimizer.learning_rate; Keras 3 has no lr.',
    note: 'Only on a value that is proved to be a Keras optimizer: lr is a common name.',
    source: 'keras 36098bf0d7 (2019-06-25); Keras 3.15.1 base_optimizer.py:85-90; tf-keras optimizer.py:125',
  },
  {
    id: 'K.set_value(optimizer.lr, …)',
    kind: 'member',
    match: {
      by: 'setter',
      callees: ['keras.backend.set_value', 'tensorflow.keras.backend.set_value'],
      attributes: ['lr', 'learning_rate'],
    },
    migration: 'learning-rate',
    fixClass: 'conditional',
    fix: { kind: 'assign-attribute', to: 'learning_rate' },
    condition: 'the call has its two arguments by position, and the optimizer of a model is named',
    versionsOf: 'keras',
    since: '1.x',
    deprecatedIn: null,
    removedIn: '3.0.0',
    replacement: 'optimizer.learning_rate = …',
    message: 'K.set_value on the learning rate always fails in Keras 3; assign to optimizer.learning_rate.',
    note: "Keras 3 raises AttributeError: 'str' object has no attribute 'name', because its variables name their type as text. The assignment works in every release of TensorFlow 2 and in tf_keras.",
    source: 'experiment with Keras 3.15.1 and tf_keras 2.21',
  },
  {
    id: 'import keras',
    kind: 'import',
    match: { by: 'module', modules: ['keras'] },
    migration: 'multi-gpu-model',
    fixClass: 'report',
    silent: true,
    versionsOf: 'keras',
    since: '1.x',
    deprecatedIn: null,
    removedIn: null,
    replacement: 'tf.keras, keras >= 3 or tf_keras',
    message: 'The import does not show which Keras this is: a strategy needs TensorFlow’s Keras, or Keras 3.',
    note:
      'The same name means multi-backend Keras 2 (up to 2.3), TensorFlow-only Keras 2 (2.4 to 2.15) and multi-backend Keras 3. Decide by the declared version, never by the import line; ' +
      'reported only in a file that uses a legacy API of that Keras.',
    source: 'keras tags',
  },
  ...(['DataParallel', 'ModelParallel', 'set_distribution'] as const).map((name): PythonEntry => ({
    id: `keras.distribution.${name}`,
    kind: 'member',
    match: { by: 'none' },
    fixClass: 'not-reported',
    versionsOf: 'keras',
    since: '3.0.0',
    deprecatedIn: null,
    removedIn: null,
    replacement: null,
    message: 'Current API.',
    note: 'Not legacy. 3.15.1 ships distribution_lib for TensorFlow (DTensor) as well as JAX, none for Torch. The TensorFlow trainer still honours tf.distribute scopes.',
    source: 'keras v3.0.0 distribution_lib.py:342; 3.15.1 keras/src/backend',
  })),
  {
    id: 'keras.optimizers.legacy',
    kind: 'member',
    match: {
      by: 'qualified-name',
      names: ['keras.optimizers.legacy', 'tensorflow.keras.optimizers.legacy'],
      prefix: true,
    },
    fixClass: 'not-looked-for',
    versionsOf: 'keras',
    since: '2.11.0',
    deprecatedIn: null,
    removedIn: '3.0.0',
    replacement: 'keras.optimizers',
    message: 'keras.optimizers.legacy is only a stub in Keras 3, and raises.',
    note: 'The current optimizers keep other state and other defaults than the legacy ones, so checkpoints of the state do not carry over.',
    source: 'keras v3.0.0 optimizers/__init__.py:105',
  },
];
