/**
 * Packages that are built on standalone Keras. Their layers, models, optimizers and callbacks do not work together with
 * those of TensorFlow's Keras. Data only.
 */

/** The module, and what to use instead; nothing where no counterpart is known. Subpackages belong to it. */
export const COMPANIONS: readonly (readonly [module: string, counterpart: string | undefined])[] = [
  ['classification_models.keras', 'classification_models.tfkeras'],
  ['efficientnet.keras', 'efficientnet.tfkeras'],
  ['horovod.keras', 'horovod.tensorflow.keras'],
  ['keras_applications', 'tensorflow.keras.applications'],
  ['keras_bert', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_contrib', 'tensorflow_addons'],
  ['keras_gradient_accumulation', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_layer_normalization', 'tensorflow.keras.layers.LayerNormalization'],
  ['keras_lookahead', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_lr_multiplier', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_metrics', 'tensorflow.keras.metrics'],
  ['keras_multi_head', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_preprocessing', 'tensorflow.keras.preprocessing'],
  ['keras_radam', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_resnet', undefined],
  ['keras_retinanet', undefined],
  ['keras_self_attention', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_squeezenet', undefined],
  ['keras_transformer', 'the same package with TF_KERAS=1 in the environment'],
  ['keras_vggface', undefined],
  ['segmentation_models', 'the same package with SM_FRAMEWORK=tf.keras in the environment'],
];
