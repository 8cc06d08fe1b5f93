/**
 * Where the modules of standalone Keras 1 and 2 live in TensorFlow's Keras, below `tensorflow.keras`. Data only.
 * Checked against TensorFlow 2.21. The longest entry that fits is taken; what follows it is kept.
 */

/** Old path below `keras`, new path below `tensorflow.keras`. */
export const KERAS_MODULES: readonly (readonly [string, string])[] = [
  ['activations', 'activations'],
  ['applications', 'applications'],
  ['backend', 'backend'],
  ['callbacks', 'callbacks'],
  ['constraints', 'constraints'],
  ['datasets', 'datasets'],
  ['engine', 'layers'],
  ['engine.base_layer', 'layers'],
  ['engine.input_layer', 'layers'],
  ['engine.topology', 'layers'],
  ['engine.network', 'models'],
  ['engine.sequential', 'models'],
  ['engine.training', 'models'],
  ['initializations', 'initializers'],
  ['initializers', 'initializers'],
  ['layers', 'layers'],
  ['layers.advanced_activations', 'layers'],
  ['layers.convolutional', 'layers'],
  ['layers.convolutional_recurrent', 'layers'],
  ['layers.core', 'layers'],
  ['layers.cudnn_recurrent', 'layers'],
  ['layers.embeddings', 'layers'],
  ['layers.local', 'layers'],
  ['layers.merge', 'layers'],
  ['layers.noise', 'layers'],
  ['layers.normalization', 'layers'],
  ['layers.pooling', 'layers'],
  ['layers.recurrent', 'layers'],
  ['layers.wrappers', 'layers'],
  ['losses', 'losses'],
  ['metrics', 'metrics'],
  ['models', 'models'],
  ['objectives', 'losses'],
  ['optimizers', 'optimizers'],
  ['preprocessing', 'preprocessing'],
  ['regularizers', 'regularizers'],
  ['utils', 'utils'],
  ['utils.data_utils', 'utils'],
  ['utils.generic_utils', 'utils'],
  ['utils.io_utils', 'utils'],
  ['utils.layer_utils', 'utils'],
  ['utils.multi_gpu_utils', 'utils'],
  ['utils.np_utils', 'utils'],
  ['utils.training_utils', 'utils'],
  ['utils.vis_utils', 'utils'],
];

/** Names that moved on their own: old module and name, new module. */
export const KERAS_NAMES: ReadonlyMap<string, string> = new Map([
  ['engine.Model', 'models'],
  ['engine.Input', 'layers'],
  ['engine.topology.Input', 'layers'],
  ['engine.topology.Container', 'models'],
  ['engine.training.Model', 'models'],
]);

/** Submodules that are gone as such but stand for one that exists: `from keras.utils import np_utils`. */
export const KERAS_SUBMODULES: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['utils.np_utils', ['', 'utils']],
  ['utils.generic_utils', ['', 'utils']],
  ['utils.data_utils', ['', 'utils']],
  ['utils.vis_utils', ['', 'utils']],
  ['layers.core', ['', 'layers']],
  ['layers.convolutional', ['', 'layers']],
  ['layers.merge', ['', 'layers']],
  ['layers.recurrent', ['', 'layers']],
  ['layers.normalization', ['', 'layers']],
]);

/** Modules of standalone Keras that TensorFlow's has no counterpart of. */
export const KERAS_WITHOUT_COUNTERPART: readonly string[] = ['legacy', 'wrappers.scikit_learn', 'backend.tensorflow_backend', 'backend.theano_backend', 'backend.cntk_backend', 'backend.common', 'utils.conv_utils', 'utils.io_utils', 'utils.layer_utils', 'utils.test_utils'];
