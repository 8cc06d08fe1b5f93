/** A small model around each layer of TensorFlow.js. Data only. */
import * as tf from '@tensorflow/tfjs';

/** The layers to train: what is before the layer decides what it reads. */
export interface LayerCase {
  /** Without the number of rows. */
  readonly inputShape: readonly number[];
  /** Inputs are word numbers below this. */
  readonly vocabulary?: number;
  /** Whether training draws random numbers, which differ between engines. */
  readonly isRandom?: boolean;
  /** Whether nothing trainable is before the layer, because TensorFlow.js has no gradient of its input. */
  readonly isFirst?: boolean;
  /** The op without a lowering because of which its steps run on TensorFlow. */
  readonly unlowered?: string;
  /** Why a step with the layer cannot be recorded, so that it runs eagerly on TensorFlow. */
  readonly eager?: string;
  /** Why TensorFlow.js cannot train the layer on any engine. */
  readonly untrainable?: { readonly why: string; readonly message: string };
  /** Applies the layer to `x`, which has the input shape. */
  readonly apply: (x: tf.SymbolicTensor) => tf.SymbolicTensor | tf.SymbolicTensor[];
}

const { layers } = tf;
const LINE = [6];
const SERIES = [5, 4];
const IMAGE = [6, 6, 2];
const VOLUME = [4, 4, 4, 2];

type Applies = Pick<tf.layers.Layer, 'apply'>;

const one = (inputShape: readonly number[], make: () => Applies, more: Partial<LayerCase> = {}): LayerCase => ({
  inputShape,
  apply: (x) => make().apply(x) as tf.SymbolicTensor,
  ...more,
});

/** A layer that joins two branches. */
const joining = (make: () => Applies): LayerCase => ({
  inputShape: LINE,
  apply: (x) =>
    make().apply([
      layers.dense({ units: 3, activation: 'tanh' }).apply(x) as tf.SymbolicTensor,
      layers.dense({ units: 3 }).apply(x) as tf.SymbolicTensor,
    ]) as tf.SymbolicTensor,
});

const pools1d = (make: (config: { poolSize: number; strides: number; padding: 'same' }) => Applies): LayerCase =>
  one(SERIES, () => make({ poolSize: 2, strides: 2, padding: 'same' }));
const pools2d = (make: (config: { poolSize: number; strides: number; padding: 'same' }) => Applies): LayerCase =>
  one(IMAGE, () => make({ poolSize: 3, strides: 2, padding: 'same' }));
const pools3d = (make: (config: { poolSize: number; strides: number; padding: 'valid' }) => Applies): LayerCase =>
  one(VOLUME, () => make({ poolSize: 2, strides: 2, padding: 'valid' }));

export const LAYER_CASES: Readonly<Record<string, LayerCase>> = {
  activation: one(LINE, () => layers.activation({ activation: 'softplus' })),
  add: joining(() => layers.add()),
  alphaDropout: one(LINE, () => layers.alphaDropout({ rate: 0.3 }), { isRandom: true }),
  average: joining(() => layers.average()),
  averagePooling1d: pools1d(layers.averagePooling1d),
  averagePooling2d: pools2d(layers.averagePooling2d),
  averagePooling3d: pools3d((config) => layers.averagePooling3d(config)),
  batchNormalization: one(IMAGE, () => layers.batchNormalization()),
  bidirectional: one(SERIES, () =>
    layers.bidirectional({ layer: layers.gru({ units: 3, returnSequences: true }), mergeMode: 'concat' }),
  ),
  categoryEncoding: one([5], () => layers.categoryEncoding({ numTokens: 5, outputMode: 'multiHot' }), {
    vocabulary: 5,
    eager: 'it reads its input on the host',
  }),
  // It changes the shape of what is before it in place.
  centerCrop: {
    inputShape: IMAGE,
    isFirst: true,
    unlowered: 'CropAndResize',
    apply: (x) =>
      layers
        .centerCrop({ height: 4, width: 4 })
        .apply(layers.zeroPadding2d({ padding: 1 }).apply(x)) as tf.SymbolicTensor,
  },
  concatenate: joining(() => layers.concatenate()),
  conv1d: one(SERIES, () => layers.conv1d({ filters: 3, kernelSize: 2, strides: 2, padding: 'same' })),
  conv2d: one(IMAGE, () => layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' })),
  conv2dTranspose: one(IMAGE, () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 })),
  conv3d: one(VOLUME, () => layers.conv3d({ filters: 3, kernelSize: 2 })),
  conv3dTranspose: one(VOLUME, () => layers.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 }), {
    untrainable: { why: 'it has no gradient of it', message: 'gradient function not found' },
  }),
  convLstm2d: one([3, 5, 5, 2], () => layers.convLstm2d({ filters: 2, kernelSize: 3, padding: 'same' })),
  cropping2D: one(IMAGE, () =>
    layers.cropping2D({
      cropping: [
        [1, 2],
        [0, 1],
      ],
    }),
  ),
  dense: one(LINE, () => layers.dense({ units: 4, activation: 'elu' })),
  depthwiseConv2d: one(IMAGE, () => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 })),
  dot: joining(() => layers.dot({ axes: -1, normalize: true })),
  dropout: one(LINE, () => layers.dropout({ rate: 0.3 }), { isRandom: true }),
  elu: one(LINE, () => layers.elu()),
  embedding: one([5], () => layers.embedding({ inputDim: 9, outputDim: 3 }), { vocabulary: 9 }),
  flatten: one(IMAGE, () => layers.flatten()),
  gaussianDropout: one(LINE, () => layers.gaussianDropout({ rate: 0.3 }), { isRandom: true }),
  gaussianNoise: one(LINE, () => layers.gaussianNoise({ stddev: 0.3 }), { isRandom: true }),
  globalAveragePooling1d: one(SERIES, () => layers.globalAveragePooling1d()),
  globalAveragePooling2d: one(IMAGE, () => layers.globalAveragePooling2d({})),
  globalMaxPooling1d: one(SERIES, () => layers.globalMaxPooling1d()),
  globalMaxPooling2d: one(IMAGE, () => layers.globalMaxPooling2d({})),
  gru: one(SERIES, () => layers.gru({ units: 3 })),
  gruCell: one(SERIES, () => layers.rnn({ cell: layers.gruCell({ units: 3 }) })),
  input: { inputShape: LINE, apply: (x) => x },
  inputLayer: { inputShape: LINE, apply: (x) => x },
  layerNormalization: one(SERIES, () => layers.layerNormalization()),
  leakyReLU: one(LINE, () => layers.leakyReLU({ alpha: 0.2 })),
  lstm: one(SERIES, () => layers.lstm({ units: 3, returnSequences: true, goBackwards: true })),
  lstmCell: one(SERIES, () => layers.rnn({ cell: layers.lstmCell({ units: 3 }) })),
  masking: {
    inputShape: SERIES,
    isFirst: true,
    apply: (x) => layers.lstm({ units: 3 }).apply(layers.masking({ maskValue: 0 }).apply(x)) as tf.SymbolicTensor,
  },
  maxPooling1d: pools1d(layers.maxPooling1d),
  maxPooling2d: pools2d(layers.maxPooling2d),
  maxPooling3d: pools3d((config) => layers.maxPooling3d(config)),
  maximum: joining(() => layers.maximum()),
  minimum: joining(() => layers.minimum()),
  multiply: joining(() => layers.multiply()),
  permute: one(SERIES, () => layers.permute({ dims: [2, 1] })),
  prelu: one(LINE, () => layers.prelu()),
  randomWidth: one(IMAGE, () => layers.randomWidth({ factor: 0.3 }), {
    untrainable: { why: 'its layer computes a wrong shape', message: 'positive integers' },
  }),
  reLU: one(LINE, () => layers.reLU({ maxValue: 1 })),
  repeatVector: one(LINE, () => layers.repeatVector({ n: 3 })),
  rescaling: one(IMAGE, () => layers.rescaling({ scale: 0.5, offset: 0.1 })),
  reshape: one(IMAGE, () => layers.reshape({ targetShape: [12, 6] })),
  resizing: one(IMAGE, () => layers.resizing({ height: 4, width: 9 }), {
    untrainable: { why: 'its layer takes one image, not a batch', message: 'must be rank 3 or 4' },
  }),
  rnn: one(SERIES, () => layers.rnn({ cell: layers.simpleRNNCell({ units: 3 }), returnSequences: true })),
  separableConv2d: one(IMAGE, () => layers.separableConv2d({ filters: 3, kernelSize: 3, depthMultiplier: 2 })),
  simpleRNN: one(SERIES, () => layers.simpleRNN({ units: 3 })),
  simpleRNNCell: one(SERIES, () => layers.rnn({ cell: layers.simpleRNNCell({ units: 3, activation: 'relu' }) })),
  softmax: one(SERIES, () => layers.softmax({ axis: -1 })),
  spatialDropout1d: one(SERIES, () => layers.spatialDropout1d({ rate: 0.3 }), { isRandom: true }),
  stackedRNNCells: one(SERIES, () =>
    layers.rnn({
      cell: layers.stackedRNNCells({
        cells: [layers.lstmCell({ units: 3 }), layers.gruCell({ units: 2 })],
      }),
    }),
  ),
  thresholdedReLU: one(LINE, () => layers.thresholdedReLU({ theta: 0.1 }), { isFirst: true }),
  timeDistributed: one(SERIES, () => layers.timeDistributed({ layer: layers.dense({ units: 3 }) })),
  upSampling2d: one(IMAGE, () => layers.upSampling2d({ size: [2, 3] })),
  zeroPadding2d: one(IMAGE, () =>
    layers.zeroPadding2d({
      padding: [
        [1, 0],
        [0, 2],
      ],
    }),
  ),
};

/** Other names of layers that the table has, and a cell that only its layer can use. */
export const LAYER_ALIASES: Readonly<Record<string, string>> = {
  avgPool1d: 'averagePooling1d',
  avgPool2d: 'averagePooling2d',
  avgPool3d: 'averagePooling3d',
  avgPooling1d: 'averagePooling1d',
  avgPooling2d: 'averagePooling2d',
  avgPooling3d: 'averagePooling3d',
  convLstm2dCell: 'convLstm2d',
  globalMaxPool1d: 'globalMaxPooling1d',
  globalMaxPool2d: 'globalMaxPooling2d',
  maxPool1d: 'maxPooling1d',
  maxPool2d: 'maxPooling2d',
};
