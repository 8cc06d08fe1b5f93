/**
 * Small models of every kind, with data, that a strategy must train like one device. All random numbers have a seed.
 */
import * as tf from '@tensorflow/tfjs';

import { syncBatchNormalization } from '../../../src/runtime/index.js';

/** One kind of model. */
export interface ModelCase {
  readonly name: string;
  /** Makes a compiled model. Tests replace its initial weights. */
  build(optimizer?: string | tf.Optimizer): tf.LayersModel;
  /** Makes inputs and targets of `rows` examples. */
  data(rows: number): { x: tf.Tensor | tf.Tensor[]; y: tf.Tensor | tf.Tensor[] };
  /** The batch size of models in which it is fixed. */
  readonly fixedBatch?: number;
  /**
   * Whether the model uses statistics of a replica's rows, so that N replicas do not give the results of one device.
   */
  readonly statisticsPerReplica?: boolean;
}

function normal(shape: number[], seed: number): tf.Tensor {
  return tf.randomNormal(shape, 0, 1, 'float32', seed);
}

function classes(rows: number, count: number): tf.Tensor2D {
  return tf.tidy(
    () =>
      tf
        .oneHot(
          tf.tensor1d(
            Array.from({ length: rows }, (_, row) => (row * 7 + 3) % count),
            'int32',
          ),
          count,
        )
        .toFloat() as tf.Tensor2D,
  );
}

function words(rows: number, length: number, vocabulary: number): tf.Tensor {
  return tf.tensor2d(
    Array.from({ length: rows * length }, (_, place) => (place * 13 + 5) % vocabulary),
    [rows, length],
  );
}

function sequential(
  layers: tf.layers.Layer[],
  optimizer: string | tf.Optimizer,
  loss: unknown,
  metrics: string[] = [],
): tf.Sequential {
  const model = tf.sequential({ layers });
  model.compile({ optimizer, loss: loss as string, metrics });
  return model;
}

/** A custom layer that multiplies by a weight and adds the mean of the features. */
export class ScaleAndShift extends tf.layers.Layer {
  static className = 'ScaleAndShift';
  #scale: tf.LayerVariable | undefined;

  override build(inputShape: tf.Shape): void {
    this.#scale = this.addWeight(
      'scale',
      [inputShape[inputShape.length - 1] as number],
      'float32',
      tf.initializers.ones(),
      tf.regularizers.l2({ l2: 0.01 }),
    );
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = [inputs].flat()[0] as tf.Tensor;
      return input.mul((this.#scale as tf.LayerVariable).read()).add(input.mean(-1, true));
    });
  }
}

/** Computes the mean absolute error to the power of 1.5, for each example. */
export function customLoss(target: tf.Tensor, output: tf.Tensor): tf.Tensor {
  return tf.tidy(() => target.sub(output).abs().add(0.1).pow(1.5).mean(-1));
}

const sgd = 'sgd';

export const MODEL_CASES: readonly ModelCase[] = [
  {
    name: 'dense',
    build: (optimizer = sgd) =>
      sequential(
        [
          tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [5] }),
          tf.layers.dense({ units: 3, activation: 'softmax' }),
        ],
        optimizer,
        'categoricalCrossentropy',
        ['accuracy', 'mse'],
      ),
    data: (rows) => ({ x: normal([rows, 5], 1), y: classes(rows, 3) }),
  },
  {
    name: 'dense with regularizers',
    build: (optimizer = sgd) =>
      sequential(
        [
          tf.layers.dense({
            units: 6,
            inputShape: [4],
            kernelRegularizer: tf.regularizers.l1l2({ l1: 0.02, l2: 0.03 }),
          }),
          tf.layers.dense({ units: 1, biasRegularizer: tf.regularizers.l2({ l2: 0.1 }) }),
        ],
        optimizer,
        'meanSquaredError',
        ['mae'],
      ),
    data: (rows) => ({ x: normal([rows, 4], 2), y: normal([rows, 1], 3) }),
  },
  {
    name: 'sparse categorical classes',
    build: (optimizer = sgd) =>
      sequential(
        [tf.layers.dense({ units: 4, activation: 'softmax', inputShape: [5] })],
        optimizer,
        'sparseCategoricalCrossentropy',
        ['accuracy'],
      ),
    data: (rows) => ({
      x: normal([rows, 5], 21),
      y: tf.tensor2d(
        Array.from({ length: rows }, (_, row) => row % 4),
        [rows, 1],
      ),
    }),
  },
  {
    name: 'conv',
    build: (optimizer = sgd) =>
      sequential(
        [
          tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2] }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, activation: 'softmax' }),
        ],
        optimizer,
        'categoricalCrossentropy',
        ['accuracy'],
      ),
    data: (rows) => ({ x: normal([rows, 6, 6, 2], 4), y: classes(rows, 3) }),
  },
  {
    name: 'batch normalization',
    statisticsPerReplica: true,
    build: (optimizer = sgd) =>
      sequential(
        [
          tf.layers.batchNormalization({ momentum: 0.8, inputShape: [5] }),
          tf.layers.dense({ units: 6, activation: 'tanh' }),
          tf.layers.dense({ units: 3, activation: 'softmax' }),
        ],
        optimizer,
        'categoricalCrossentropy',
      ),
    data: (rows) => ({ x: normal([rows, 5], 22), y: classes(rows, 3) }),
  },
  {
    name: 'synchronized batch normalization',
    build: (optimizer = sgd) =>
      sequential(
        [
          tf.layers.dense({ units: 4, useBias: false, inputShape: [5] }),
          syncBatchNormalization({ momentum: 0.8 }),
          tf.layers.dense({ units: 3, activation: 'softmax' }),
        ],
        optimizer,
        'categoricalCrossentropy',
        ['accuracy'],
      ),
    data: (rows) => ({ x: normal([rows, 5], 23), y: classes(rows, 3) }),
  },
  {
    name: 'embedding',
    build: (optimizer = sgd) =>
      sequential(
        [
          tf.layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 5 }),
          tf.layers.globalAveragePooling1d({}),
          tf.layers.dense({ units: 1, activation: 'sigmoid' }),
        ],
        optimizer,
        'binaryCrossentropy',
        ['accuracy'],
      ),
    data: (rows) => ({
      x: words(rows, 5, 20),
      y: tf.tensor2d(
        Array.from({ length: rows }, (_, row) => row % 2),
        [rows, 1],
      ),
    }),
  },
  ...(['simpleRNN', 'gru', 'lstm'] as const).map((kind): ModelCase => ({
    name: kind,
    build: (optimizer = sgd) =>
      sequential(
        [tf.layers[kind]({ units: 4, inputShape: [3, 2] }), tf.layers.dense({ units: 1 })],
        optimizer,
        'meanSquaredError',
      ),
    data: (rows) => ({ x: normal([rows, 3, 2], 5), y: normal([rows, 1], 6) }),
  })),
  {
    name: 'stateful lstm',
    fixedBatch: 12,
    build: (optimizer = sgd) =>
      sequential(
        [tf.layers.lstm({ units: 3, stateful: true, batchInputShape: [12, 3, 2] }), tf.layers.dense({ units: 1 })],
        optimizer,
        'meanSquaredError',
      ),
    data: (rows) => ({ x: normal([rows, 3, 2], 7), y: normal([rows, 1], 8) }),
  },
  {
    name: 'bidirectional gru over a time-distributed layer',
    build: (optimizer = sgd) =>
      sequential(
        [
          tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 3 }), inputShape: [3, 2] }),
          tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2 }), mergeMode: 'concat' }),
          tf.layers.dense({ units: 1 }),
        ],
        optimizer,
        'meanSquaredError',
      ),
    data: (rows) => ({ x: normal([rows, 3, 2], 9), y: normal([rows, 1], 10) }),
  },
  {
    name: 'functional with two inputs and two outputs',
    build(optimizer = sgd) {
      const left = tf.input({ shape: [3], name: `left${String(Math.random()).slice(2)}` });
      const right = tf.input({ shape: [2], name: `right${String(Math.random()).slice(2)}` });
      const joined = tf.layers.concatenate().apply([left, right]) as tf.SymbolicTensor;
      const hidden = tf.layers.dense({ units: 5, activation: 'relu' }).apply(joined) as tf.SymbolicTensor;
      const amount = tf.layers.dense({ units: 1 }).apply(hidden) as tf.SymbolicTensor;
      const kind = tf.layers.dense({ units: 3, activation: 'softmax' }).apply(hidden) as tf.SymbolicTensor;
      const model = tf.model({ inputs: [left, right], outputs: [amount, kind] });
      model.compile({ optimizer, loss: ['meanSquaredError', 'categoricalCrossentropy'], metrics: ['mae'] });
      return model;
    },
    data: (rows) => ({
      x: [normal([rows, 3], 11), normal([rows, 2], 12)],
      y: [normal([rows, 1], 13), classes(rows, 3)],
    }),
  },
  {
    name: 'custom layer',
    build: (optimizer = sgd) =>
      sequential(
        [tf.layers.dense({ units: 4, inputShape: [3] }), new ScaleAndShift({}), tf.layers.dense({ units: 1 })],
        optimizer,
        'meanSquaredError',
      ),
    data: (rows) => ({ x: normal([rows, 3], 14), y: normal([rows, 1], 15) }),
  },
  {
    name: 'custom loss',
    build: (optimizer = sgd) => sequential([tf.layers.dense({ units: 2, inputShape: [3] })], optimizer, customLoss),
    data: (rows) => ({ x: normal([rows, 3], 16), y: normal([rows, 2], 17) }),
  },
  {
    name: 'custom scalar loss',
    build: (optimizer = sgd) =>
      sequential([tf.layers.dense({ units: 2, inputShape: [3] })], optimizer, (target: tf.Tensor, output: tf.Tensor) =>
        tf.losses.huberLoss(target, output),
      ),
    data: (rows) => ({ x: normal([rows, 3], 18), y: normal([rows, 2], 19) }),
  },
  {
    name: 'a model nested in a model, with a frozen layer',
    build(optimizer = sgd) {
      const inner = tf.sequential({
        layers: [tf.layers.dense({ units: 4, inputShape: [3], trainable: false }), tf.layers.layerNormalization()],
      });
      return sequential([inner, tf.layers.dense({ units: 1 })], optimizer, 'meanSquaredError');
    },
    data: (rows) => ({ x: normal([rows, 3], 20), y: normal([rows, 1], 21) }),
  },
];
