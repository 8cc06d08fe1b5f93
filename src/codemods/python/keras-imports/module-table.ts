/**
 * The modules of standalone Keras 1 and 2, and their paths below `tensorflow.keras`. Data only. Checked against
 * TensorFlow 2.21. The longest matching entry applies; the rest of a path stays.
 */

/** Old path below `keras`, new path below `tensorflow.keras`. */
export const KERAS_MODULES: readonly (readonly [string, string])[] = [
  ['activations', 'activations'],
  ['applications', 'applications'],
  ['applications.mobilenetv2', 'applications.mobilenet_v2'],
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

/** Names that moved without their module: old path, new module. */
export const KERAS_NAMES: ReadonlyMap<string, string> = new Map([
  ['engine.Model', 'models'],
  ['engine.Input', 'layers'],
  ['engine.topology.Input', 'layers'],
  ['engine.topology.Container', 'models'],
  ['engine.training.Model', 'models'],
  ['engine.get_source_inputs', 'utils'],
  ['engine.network.get_source_inputs', 'utils'],
  ['engine.topology.get_source_inputs', 'utils'],
  ['utils.layer_utils.get_source_inputs', 'utils'],
]);

/** Aliases of classes that TensorFlow's Keras does not have, and the names of the classes. */
export const KERAS_RENAMED: ReadonlyMap<string, string> = new Map([
  ['optimizers.adadelta', 'Adadelta'],
  ['optimizers.adagrad', 'Adagrad'],
  ['optimizers.adam', 'Adam'],
  ['optimizers.adamax', 'Adamax'],
  ['optimizers.nadam', 'Nadam'],
  ['optimizers.rmsprop', 'RMSprop'],
  ['optimizers.sgd', 'SGD'],
]);

/** Removed submodules, as in `from keras.utils import np_utils`: the module and name of their replacement. */
export const KERAS_SUBMODULES: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['applications.mobilenetv2', ['applications', 'mobilenet_v2']],
  ['utils.np_utils', ['', 'utils']],
  ['utils.generic_utils', ['', 'utils']],
  ['utils.data_utils', ['', 'utils']],
  ['utils.vis_utils', ['', 'utils']],
  ['layers.advanced_activations', ['', 'layers']],
  ['layers.convolutional', ['', 'layers']],
  ['layers.convolutional_recurrent', ['', 'layers']],
  ['layers.core', ['', 'layers']],
  ['layers.embeddings', ['', 'layers']],
  ['layers.local', ['', 'layers']],
  ['layers.merge', ['', 'layers']],
  ['layers.noise', ['', 'layers']],
  ['layers.normalization', ['', 'layers']],
  ['layers.pooling', ['', 'layers']],
  ['layers.recurrent', ['', 'layers']],
  ['layers.wrappers', ['', 'layers']],
]);

/** Modules whose submodules have the same names in TensorFlow's Keras. */
export const KERAS_MODULES_WITH_SUBMODULES: readonly string[] = [
  'applications',
  'datasets',
  'optimizers.schedules',
  'preprocessing',
];

/** Modules of standalone Keras without a counterpart in TensorFlow's Keras. */
export const KERAS_WITHOUT_COUNTERPART: readonly string[] = [
  'legacy',
  'wrappers.scikit_learn',
  'backend.tensorflow_backend',
  'backend.theano_backend',
  'backend.cntk_backend',
  'backend.mxnet_backend',
  'backend.common',
  'engine.saving',
  'engine.training_arrays',
  'engine.training_generator',
  'engine.training_utils',
  'utils.conv_utils',
  'utils.io_utils',
  'utils.layer_utils',
  'utils.test_utils',
];

/**
 * Members of standalone Keras' modules that the matching modules of TensorFlow's Keras lack, by their new paths.
 */
export const KERAS_MEMBERS_WITHOUT_COUNTERPART: ReadonlySet<string> = new Set([
  'applications.densenet.dense_block',
  'applications.densenet.transition_block',
  'applications.inception_resnet_v2.conv2d_bn',
  'applications.inception_resnet_v2.inception_resnet_block',
  'layers.AtrousConvolution1D',
  'layers.AtrousConvolution2D',
  'layers.ConvRecurrent2D',
  'layers.CuDNNGRU',
  'layers.CuDNNLSTM',
  'layers.Deconvolution2D',
  'layers.Deconvolution3D',
  'layers.Highway',
  'layers.MaxoutDense',
  'layers.Merge',
  'layers.Recurrent',
  'layers.TimeDistributedDense',
  'layers.merge',
  'optimizers.TFOptimizer',
  'optimizers.clip_norm',
  'regularizers.ActivityRegularizer',
  'regularizers.WeightRegularizer',
  'utils.convert_all_kernels_in_model',
  'utils.func_dump',
  'utils.func_load',
  'utils.has_arg',
  'utils.object_list_uid',
  'utils.print_summary',
  'utils.slice_arrays',
  'utils.to_channels_first',
  'utils.to_list',
  'utils.unpack_singleton',
  'utils.validate_file',
]);
