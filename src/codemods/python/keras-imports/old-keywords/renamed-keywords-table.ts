/**
 * Keywords of Keras 1 and early Keras 2 that standalone Keras 2 still accepts with a warning, and TensorFlow's Keras does
 * not. Data only.
 */

const LAYERS: readonly (readonly [string, string])[] = [
  ['init', 'kernel_initializer'],
  ['W_regularizer', 'kernel_regularizer'],
  ['b_regularizer', 'bias_regularizer'],
  ['W_constraint', 'kernel_constraint'],
  ['b_constraint', 'bias_constraint'],
  ['bias', 'use_bias'],
];

const CONVOLUTIONS: readonly (readonly [string, string])[] = [
  ...LAYERS,
  ['border_mode', 'padding'],
  ['subsample', 'strides'],
  ['nb_filter', 'filters'],
  ['filter_length', 'kernel_size'],
];

/** The class, by its path below `keras`, and the old and new names of its keywords. */
export const RENAMED_KEYWORDS: readonly (readonly [RegExp, ReadonlyMap<string, string>])[] = [
  [
    /^(models|engine(\.training|\.topology|\.network)?)?\.?Model$/,
    new Map([
      ['input', 'inputs'],
      ['output', 'outputs'],
    ]),
  ],
  [/^layers\.(\w+\.)*Dense$/, new Map([...LAYERS, ['output_dim', 'units']])],
  [/^layers\.(\w+\.)*(Separable)?Conv(olution)?[123]D$/, new Map(CONVOLUTIONS)],
  [
    /^layers\.(\w+\.)*(Max|Average)Pooling[123]D$/,
    new Map([
      ['border_mode', 'padding'],
      ['pool_length', 'pool_size'],
      ['stride', 'strides'],
    ]),
  ],
  [/^layers\.(\w+\.)*(Spatial)?Dropout([123]D)?$/, new Map([['p', 'rate']])],
  [/^callbacks\.ReduceLROnPlateau$/, new Map([['epsilon', 'min_delta']])],
];

/** Methods of models, whose receivers are not proved: keywords that nothing else has. */
export const RENAMED_METHOD_KEYWORDS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['fit', new Map([['nb_epoch', 'epochs']])],
  ['fit_generator', new Map([['nb_epoch', 'epochs']])],
]);
