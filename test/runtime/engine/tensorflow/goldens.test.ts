/** Traced replicas give what Python's tf.keras gives under tf.distribute.MirroredStrategy: scripts/generate-strategy-goldens.py. */
import { readdirSync, readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

interface FlatTensor {
  readonly shape: number[];
  readonly values: number[];
}

interface Golden {
  readonly model: string;
  readonly batchSize: number;
  readonly epochs: number;
  readonly x: FlatTensor;
  readonly y: FlatTensor;
  readonly initialWeights: FlatTensor[];
  readonly runs: { readonly optimizer: string; readonly replicas: number; readonly losses: number[]; readonly weights: FlatTensor[] }[];
}

const FOLDER = new URL('../../../../fixtures/goldens/strategy/', import.meta.url);
const GOLDENS = readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Golden);
const EQUAL = 4e-5;

const MODELS = new Map<string, () => tf.layers.Layer[]>([
  ['dense', () => [tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [5] }), tf.layers.dense({ units: 3, activation: 'softmax' })]],
  [
    'conv',
    () => [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  ],
  [
    'embedding',
    () => [
      tf.layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 5 }),
      tf.layers.globalAveragePooling1d({}),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  ],
  ['lstm', () => [tf.layers.lstm({ units: 4, recurrentActivation: 'sigmoid', inputShape: [3, 2] }), tf.layers.dense({ units: 3, activation: 'softmax' })]],
]);

const OPTIMIZERS = new Map<string, () => tf.Optimizer>([
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.05, 0.9)],
  ['rmsprop', () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7)],
  ['adagrad', () => tf.train.adagrad(0.1, 0.1)],
]);

const tensorOf = ({ shape, values }: FlatTensor): tf.Tensor => tf.tensor(values, shape);

/** The largest difference between a weight and its golden. */
function distance(weights: readonly tf.Tensor[], goldens: readonly FlatTensor[]): number {
  const differences = weights.flatMap((weight, index) => Array.from(weight.dataSync(), (value, place) => Math.abs(value - (goldens[index]?.values[place] ?? NaN))));
  return differences.some(Number.isNaN) ? NaN : Math.max(...differences);
}

describe.skipIf(locateTensorFlow().files === undefined)('goldens of tf.distribute.MirroredStrategy', () => {
  new MirroredStrategy({ devices: 4, engine: 'tensorflow' });

  describe.each(GOLDENS)('$model', (golden) => {
    test.each(golden.runs.flatMap((run) => [1, 2, 4].map((traced) => ({ ...run, traced }))))('$optimizer, $traced replicas', async ({ optimizer, traced, losses, weights }) => {
      const model = new MirroredStrategy({ devices: traced, engine: 'tensorflow' }).scope(() => {
        const built = tf.sequential({ layers: (MODELS.get(golden.model) as () => tf.layers.Layer[])() });
        built.compile({ optimizer: (OPTIMIZERS.get(optimizer) as () => tf.Optimizer)(), loss: 'categoricalCrossentropy' });
        return built;
      });
      model.setWeights(golden.initialWeights.map(tensorOf));
      const { batchSize, epochs } = golden;
      const { history } = await model.fit(tensorOf(golden.x), tensorOf(golden.y), { batchSize, epochs, shuffle: false, verbose: 0 });
      history['loss']?.forEach((loss, epoch) => expect(Math.abs((loss as number) - (losses[epoch] as number))).toBeLessThan(EQUAL));
      expect(history['loss']).toHaveLength(losses.length);
      expect(distance(model.getWeights(), weights)).toBeLessThan(EQUAL);
    });
  });
});
