/** Traced micro-batches give the results of the whole batch on one device, and all-reduce once. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import { type EngineName, MirroredStrategy, syncBatchNormalization } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameHistory, expectSameTraining, expectSameWeights } from '../../support/compare-training.js';
import { ACCUMULATION_CASES, batches } from '../../support/gradient-accumulation-cases.js';
import { watchGraphs } from '../../support/traced-graphs.js';
import { setFixedWeights } from '../../support/training-outcome.js';

function strategyOf(
  devices: number,
  gradientAccumulationSteps = 1,
  engine: EngineName = 'tensorflow',
): MirroredStrategy {
  return new MirroredStrategy({
    devices,
    engine,
    gradientAccumulationSteps,
    communicationOptions: { timeoutSeconds: 20 },
  });
}

/** Fails if a step runs eagerly, since it would give the same numbers. */
async function traced(body: () => Promise<void>): Promise<void> {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    await body();
    expect(warn.mock.calls.filter(([text]) => String(text).includes('runs eagerly'))).toEqual([]);
  } finally {
    warn.mockRestore();
  }
}

describe.skipIf(locateTensorFlow().files === undefined)('traced', () => {
  beforeAll(() => void strategyOf(4));

  describe.each(ACCUMULATION_CASES)('$name', (modelCase) => {
    // Every model runs on two replicas, and the first one also on one and three.
    const sizes =
      modelCase === ACCUMULATION_CASES[0]
        ? [
            [1, 2],
            [2, 3],
            [3, 2],
          ]
        : [[2, 3]];
    test.each(sizes as [number, number][])('%i replicas, %i micro-batches', async (devices, steps) => {
      await traced(() =>
        expectSameTraining(modelCase, strategyOf(devices, steps), {
          ...batches(modelCase),
          optimizer: () => tf.train.momentum(0.05, 0.9),
        }),
      );
    });
  });

  test.each([tf.layers.batchNormalization, syncBatchNormalization])(
    'batch normalization uses the statistics of micro-batches, as on the logical engine',
    async (normalization) => {
      const build = (): tf.Sequential => {
        const layers = [
          tf.layers.dense({ units: 3, inputShape: [4], useBias: false }),
          normalization({ momentum: 0.6 }),
          tf.layers.dense({ units: 1 }),
        ];
        const model = tf.sequential({ layers });
        model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'] });
        setFixedWeights(model);
        return model;
      };
      const x = tf.randomNormal([23, 4], 1, 2, 'float32', 1);
      const y = tf.randomNormal([23, 1], 0, 1, 'float32', 2);
      const options = { batchSize: 8, epochs: 2, shuffle: false, verbose: 0 } as const;
      await traced(async () => {
        const [logical, real] = [strategyOf(3, 2, 'logical').scope(build), strategyOf(3, 2).scope(build)];
        expectSameHistory(await logical.fit(x, y, options), await real.fit(x, y, options));
        expectSameWeights(logical, real);
      });
    },
  );

  test('only the last micro-batch communicates, and the optimizer counts one step', async () => {
    const model = strategyOf(2, 3).scope(() => {
      const built = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
      built.compile({ optimizer: tf.train.adam(), loss: 'meanSquaredError' });
      return built;
    });
    const graphs = await watchGraphs(() => model.trainOnBatch(tf.ones([12, 2]), tf.ones([12, 1])));
    // One function for the first micro-batch, one for those in between, one for the last.
    expect(graphs.map((graph) => graph.filter(({ op }) => op === 'CollectiveReduceV2').length)).toEqual([0, 0, 1]);
    expect(model.optimizer.iterations).toBe(1);
    const again = await watchGraphs(() => model.trainOnBatch(tf.ones([12, 2]), tf.ones([12, 1])));
    expect(again).toEqual([]);
    expect(model.optimizer.iterations).toBe(2);
  });

  test('no tensor leaks', async () => {
    const model = strategyOf(2, 2).scope(() => ACCUMULATION_CASES[0]?.build()) as tf.LayersModel;
    const [x, y] = [tf.ones([8, 5]), tf.ones([8, 3])];
    await model.trainOnBatch(x, y);
    const before = tf.memory().numTensors;
    await model.trainOnBatch(x, y);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('when the second micro-batch fails, weights, averages and step count are as before the first', async () => {
    const model = strategyOf(1, 2).scope(() => {
      const layers = [
        tf.layers.embedding({ inputDim: 10, outputDim: 3, inputLength: 4 }),
        tf.layers.batchNormalization(),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ];
      const built = tf.sequential({ layers });
      built.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: 'meanSquaredError' });
      return built;
    });
    const words = (last: number): tf.Tensor =>
      tf.tensor2d(
        Array.from({ length: 32 }, (_, place) => (place === 31 ? last : place % 10)),
        [8, 4],
        'int32',
      );
    await model.trainOnBatch(words(1), tf.ones([8, 1]));
    const before = model.getWeights().map((weight) => weight.dataSync());
    await expect((async () => model.trainOnBatch(words(99), tf.ones([8, 1])))()).rejects.toThrow(
      /99 is not in \[0, 10\)/,
    );
    expect(model.getWeights().map((weight) => weight.dataSync())).toEqual(before);
    expect(model.optimizer.iterations).toBe(1);
    await model.trainOnBatch(words(1), tf.ones([8, 1]));
    expect(model.optimizer.iterations).toBe(2);
  });
});
