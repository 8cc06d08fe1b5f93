/**
 * The models and optimizers of scripts/goldens/strategy_models.py and strategy_optimizers.py. Reads the goldens that
 * Python wrote.
 */
import { readdirSync, readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';

import { syncBatchNormalization } from '../../../src/runtime/index.js';

import { customLoss, ScaleAndShift } from './model-cases.js';

interface PackedTensors {
  readonly shapes: number[][];
  /** Base64 of all values, one tensor after the other. */
  readonly values: string;
}

/** The results of tf.keras for one optimizer, replica count and number of rows. */
export interface GoldenRun {
  readonly optimizer: string;
  readonly replicas: number;
  readonly rows: number;
  /** One per epoch. */
  readonly losses: number[];
  readonly weights: string;
}

/** One file of fixtures/goldens/strategy. */
export interface Golden {
  readonly model: string;
  readonly batchSize: number;
  readonly epochs: number;
  readonly x: PackedTensors;
  readonly y: PackedTensors;
  readonly initialWeights: PackedTensors;
  readonly runs: GoldenRun[];
}

const FOLDER = new URL('../../../fixtures/goldens/strategy/', import.meta.url);

/** Reads all goldens, sorted by the name of their model. */
export function readGoldens(): Golden[] {
  return readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Golden);
}

/** Unpacks values that Python packed. */
export function unpackValues(
  base64: string,
  Values: typeof Float32Array | typeof Int32Array = Float32Array,
): Float32Array | Int32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Values(bytes.buffer);
}

/** Unpacks tensors that Python packed; `rows` limits their first axis. */
export function unpackTensors(
  { shapes, values }: PackedTensors,
  { dtype = 'float32', rows }: { dtype?: 'float32' | 'int32'; rows?: number } = {},
): tf.Tensor[] {
  const all = unpackValues(values, dtype === 'int32' ? Int32Array : Float32Array);
  let place = 0;
  return shapes.map((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const own = all.slice(place, (place += size));
    const cut = rows === undefined ? shape : [rows, ...shape.slice(1)];
    return tf.tensor(
      own.subarray(
        0,
        cut.reduce((product, length) => product * length, 1),
      ),
      cut,
      dtype,
    );
  });
}

interface GoldenModel {
  build(): { readonly model: tf.LayersModel; readonly loss: unknown };
  readonly inputType?: 'int32';
}

function classifier(...layers: tf.layers.Layer[]): ReturnType<GoldenModel['build']> {
  return {
    model: tf.sequential({ layers: [...layers, tf.layers.dense({ units: 3, activation: 'softmax' })] }),
    loss: 'categoricalCrossentropy',
  };
}

/** The models, by their names in Python. */
export const GOLDEN_MODELS = new Map<string, GoldenModel>([
  ['dense', { build: () => classifier(tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [5] })) }],
  [
    'conv',
    {
      build: () =>
        classifier(
          tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2] }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
        ),
    },
  ],
  [
    'batch-norm',
    {
      build: () =>
        classifier(
          tf.layers.dense({ units: 6, useBias: false, inputShape: [5] }),
          tf.layers.batchNormalization({ momentum: 0.8 }),
          tf.layers.activation({ activation: 'tanh' }),
        ),
    },
  ],
  [
    'sync-batch-norm',
    {
      build: () =>
        classifier(
          tf.layers.dense({ units: 6, useBias: false, inputShape: [5] }),
          syncBatchNormalization({ momentum: 0.8 }),
          tf.layers.activation({ activation: 'tanh' }),
        ),
    },
  ],
  [
    'embedding',
    {
      inputType: 'int32',
      build: () =>
        classifier(
          tf.layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 5 }),
          tf.layers.globalAveragePooling1d({}),
        ),
    },
  ],
  // The default gate activation is "sigmoid" in Keras, and "hardSigmoid" in TensorFlow.js.
  [
    'lstm',
    { build: () => classifier(tf.layers.lstm({ units: 4, recurrentActivation: 'sigmoid', inputShape: [3, 2] })) },
  ],
  [
    'stateful-lstm',
    {
      build: () =>
        classifier(
          tf.layers.lstm({ units: 3, stateful: true, recurrentActivation: 'sigmoid', batchInputShape: [12, 3, 2] }),
        ),
    },
  ],
  [
    'functional',
    {
      build() {
        const [left, right] = [tf.input({ shape: [3] }), tf.input({ shape: [2] })];
        const joined = tf.layers.concatenate().apply([left, right]) as tf.SymbolicTensor;
        const hidden = tf.layers.dense({ units: 5, activation: 'tanh' }).apply(joined) as tf.SymbolicTensor;
        const outputs = [tf.layers.dense({ units: 1 }), tf.layers.dense({ units: 3, activation: 'softmax' })].map(
          (layer) => layer.apply(hidden) as tf.SymbolicTensor,
        );
        return {
          model: tf.model({ inputs: [left, right], outputs }),
          loss: ['meanSquaredError', 'categoricalCrossentropy'],
        };
      },
    },
  ],
  [
    'custom-layer',
    {
      build: () => ({
        model: tf.sequential({
          layers: [
            tf.layers.dense({ units: 4, inputShape: [3] }),
            new ScaleAndShift({}),
            tf.layers.dense({ units: 1 }),
          ],
        }),
        loss: 'meanSquaredError',
      }),
    },
  ],
  [
    'custom-loss',
    {
      build: () => ({
        model: tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] }),
        loss: customLoss,
      }),
    },
  ],
]);

/** The optimizers with the same formula as in Keras, by their names in Python. */
export const GOLDEN_OPTIMIZERS = new Map<string, () => tf.Optimizer>([
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.05, 0.9)],
  ['nesterov', () => tf.train.momentum(0.05, 0.9, true)],
  ['adagrad', () => tf.train.adagrad(0.1, 0.1)],
  ['adadelta', () => tf.train.adadelta(0.2, 0.95, 1e-7)],
  ['rmsprop', () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7)],
  ['rmsprop momentum', () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7)],
  // TensorFlow.js subtracts epsilon here.
  ['centered rmsprop', () => tf.train.rmsprop(0.001, 0.5, 0.5, -1e-7, true)],
  ['adam', () => tf.train.adam(0.01, 0.9, 0.999, 1e-12)],
  ['adam 1e-7', () => tf.train.adam(0.01, 0.9, 0.999, 1e-7)],
  ['adamax', () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7)],
]);
