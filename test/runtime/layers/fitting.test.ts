/** Everything around a step works as in TensorFlow.js: validation, class weights, datasets, callbacks, saving. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test, vi } from 'vitest';

import { ErrorCode, MirroredStrategy } from '../../../src/runtime/index.js';
import {
  distance,
  EQUAL,
  expectSameHistory,
  expectSameNumbers,
  expectSameWeights,
  twins,
} from '../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../support/model-cases.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';
import { SILENT } from '../support/silent.js';
import { setFixedWeights } from '../support/training-outcome.js';

useCpuBackend();

function modelCase(name: string): ModelCase {
  return MODEL_CASES.find((candidate) => candidate.name === name) as ModelCase;
}

const dense = modelCase('dense');
const twoOutputs = modelCase('functional with two inputs and two outputs');

describe.each([2, 3])('%i replicas', (devices) => {
  const strategy = () => new MirroredStrategy({ devices });

  test('validation data, validation split and class weights', async () => {
    const { plain, scoped } = twins(dense, strategy());
    const { x, y } = dense.data(20);
    const held = dense.data(7) as { x: tf.Tensor; y: tf.Tensor };
    const withData: tf.ModelFitArgs = {
      batchSize: 8,
      shuffle: false,
      verbose: SILENT,
      epochs: 2,
      validationData: [held.x, held.y],
      classWeight: { 0: 1, 1: 5, 2: 0.2 },
    };
    expectSameHistory(await plain.fit(x, y, { ...withData }), await scoped.fit(x, y, { ...withData }));
    const withSplit: tf.ModelFitArgs = { batchSize: 8, shuffle: false, verbose: SILENT, validationSplit: 0.25 };
    expectSameHistory(await plain.fit(x, y, { ...withSplit }), await scoped.fit(x, y, { ...withSplit }));
    expectSameWeights(plain, scoped);
  });

  test('class weights by output', async () => {
    const { plain, scoped } = twins(twoOutputs, strategy());
    const { x, y } = twoOutputs.data(10);
    const classWeight = (model: tf.LayersModel) => ({ [model.outputNames[1] as string]: { 0: 2, 1: 0.5, 2: 1 } });
    const fit = (model: tf.LayersModel) =>
      model.fit(x, y, { batchSize: 5, shuffle: false, verbose: SILENT, classWeight: classWeight(model) as never });
    expectSameHistory(await fit(plain), await fit(scoped));
    expectSameWeights(plain, scoped);
  });

  test('shuffled training has the same order', async () => {
    const { plain, scoped } = twins(dense, strategy());
    const { x, y } = dense.data(20);
    const fit = async (model: tf.LayersModel): Promise<tf.History> => {
      let draw = 0;
      const random = vi.spyOn(Math, 'random').mockImplementation(() => ((draw++ * 7919) % 1000) / 1000);
      try {
        return await model.fit(x, y, { batchSize: 8, epochs: 2, shuffle: true, verbose: SILENT });
      } finally {
        random.mockRestore();
      }
    };
    expectSameHistory(await fit(plain), await fit(scoped));
    expectSameWeights(plain, scoped);
  });

  test('fitDataset with a validation dataset, and evaluateDataset', async () => {
    const { plain, scoped } = twins(dense, strategy());
    const { x, y } = dense.data(20) as { x: tf.Tensor; y: tf.Tensor };
    const dataset = tf.data
      .zip({ xs: tf.data.array(x.arraySync() as number[][]), ys: tf.data.array(y.arraySync() as number[][]) })
      .batch(8) as tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>;
    const args = { epochs: 2, verbose: SILENT, validationData: dataset } as tf.ModelFitDatasetArgs<{
      xs: tf.Tensor;
      ys: tf.Tensor;
    }>;
    expectSameHistory(await plain.fitDataset(dataset, args), await scoped.fitDataset(dataset, args));
    expectSameWeights(plain, scoped);
    const numbers = async (model: tf.LayersModel) =>
      [await model.evaluateDataset(dataset as never, {})].flat().map((scalar) => scalar.dataSync()[0]);
    expectSameNumbers(await numbers(plain), await numbers(scoped), 'evaluateDataset');
  });

  test('trainOnBatch and predictOnBatch', async () => {
    const { plain, scoped } = twins(twoOutputs, strategy());
    const { x, y } = twoOutputs.data(7);
    expectSameNumbers(
      (await plain.trainOnBatch(x, y)) as number[],
      (await scoped.trainOnBatch(x, y)) as number[],
      'trainOnBatch',
    );
    const expected = plain.predictOnBatch(x) as tf.Tensor[];
    const actual = scoped.predictOnBatch(x) as tf.Tensor[];
    expected.forEach((output, index) => {
      expect(distance(output, actual[index] as tf.Tensor)).toBeLessThan(EQUAL);
    });
    expectSameWeights(plain, scoped);
  });

  test('a stateful model keeps one state, however many replicas there are', async () => {
    const stateful = modelCase('stateful lstm');
    const { plain, scoped } = twins(stateful, strategy());
    const { x, y } = stateful.data(12);
    const run = async (model: tf.LayersModel): Promise<tf.Tensor[]> => {
      await model.fit(x, y, { batchSize: 12, epochs: 2, shuffle: false, verbose: SILENT });
      const carried = model.predict(x, { batchSize: 12 }) as tf.Tensor;
      model.resetStates();
      const fresh = model.predict(x, { batchSize: 12 }) as tf.Tensor;
      const [state] = (model.layers[0] as tf.RNN).states;
      return [carried, fresh, state as tf.Tensor];
    };
    const expected = await run(plain);
    const actual = await run(scoped);
    expected.forEach((tensor, index) => {
      expect(distance(tensor, actual[index] as tf.Tensor)).toBeLessThan(EQUAL);
    });
    expect(distance(expected[0] as tf.Tensor, expected[1] as tf.Tensor)).toBeGreaterThan(1e-3);
  });
});

test('a new learning rate takes effect at the next step', async () => {
  const optimizers: tf.SGDOptimizer[] = [];
  const optimizer = (): tf.Optimizer => {
    optimizers.push(tf.train.sgd(0.1));
    return optimizers.at(-1) as tf.Optimizer;
  };
  const { plain, scoped } = twins(dense, new MirroredStrategy({ devices: 2 }), optimizer);
  const { x, y } = dense.data(16);
  const fit = (model: tf.LayersModel, sgd: tf.SGDOptimizer) =>
    model.fit(x, y, {
      batchSize: 4,
      shuffle: false,
      verbose: SILENT,
      callbacks: {
        onBatchEnd: (batch) => {
          sgd.setLearningRate(0.1 / (batch + 2));
          return Promise.resolve();
        },
      },
    });
  expectSameHistory(
    await fit(plain, optimizers[0] as tf.SGDOptimizer),
    await fit(scoped, optimizers[1] as tf.SGDOptimizer),
  );
  expectSameWeights(plain, scoped);
});

test('an optimizer that clips gradients clips the summed gradients, as on one device', async () => {
  class Clipping extends tf.SGDOptimizer {
    override computeGradients(
      f: () => tf.Scalar,
      variables?: tf.Variable[],
    ): { value: tf.Scalar; grads: tf.NamedTensorMap } {
      const { value, grads } = super.computeGradients(f, variables);
      const clipped = Object.entries(grads).map(([name, gradient]) => [name, gradient.clipByValue(-0.01, 0.01)]);
      return { value, grads: Object.fromEntries(clipped) as tf.NamedTensorMap };
    }
  }
  const { plain, scoped } = twins(dense, new MirroredStrategy({ devices: 3 }), () => new Clipping(1));
  const { x, y } = dense.data(16);
  const options = { batchSize: 8, shuffle: false, verbose: 0, epochs: 2 } as const;
  expectSameHistory(await plain.fit(x, y, options), await scoped.fit(x, y, options));
  expectSameWeights(plain, scoped);
});

test('early stopping and stopTraining end the fit', async () => {
  const { scoped } = twins(dense, new MirroredStrategy({ devices: 2 }));
  const { x, y } = dense.data(16);
  const early = await scoped.fit(x, y, {
    epochs: 9,
    verbose: SILENT,
    callbacks: tf.callbacks.earlyStopping({ monitor: 'loss', minDelta: 1e9, patience: 0 }),
  });
  expect(early.epoch.length).toBeLessThan(4);
  const stopped = await scoped.fit(x, y, {
    epochs: 9,
    verbose: SILENT,
    callbacks: {
      onEpochEnd: () => {
        scoped.stopTraining = true;
        return Promise.resolve();
      },
    },
  });
  expect(stopped.epoch).toEqual([0]);
});

test('a trained model that is saved and loaded in a scope continues to train through the strategy', async () => {
  const strategy = new MirroredStrategy({ devices: 2 });
  const { plain, scoped } = twins(dense, strategy, () => 'adam');
  const { x, y } = dense.data(16);
  const artifacts: tf.io.ModelArtifacts[] = [];
  await scoped.save(
    tf.io.withSaveHandler((given) => {
      artifacts.push(given);
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  const loaded = await strategy.scope(async () =>
    tf.loadLayersModel(tf.io.fromMemory(artifacts[0] as tf.io.ModelArtifacts)),
  );
  expectSameWeights(plain, loaded);
  const sizes: number[] = [];
  const loss = (target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
    sizes.push(target.shape[0]);
    return tf.losses.softmaxCrossEntropy(target, output);
  };
  loaded.compile({ optimizer: 'sgd', loss });
  await loaded.fit(x, y, { batchSize: 16, verbose: SILENT });
  expect(new Set(sizes)).toEqual(new Set([8]));
});

test('weights set between steps are used', async () => {
  const { plain, scoped } = twins(dense, new MirroredStrategy({ devices: 2 }));
  const { x, y } = dense.data(8);
  await scoped.trainOnBatch(x, y);
  setFixedWeights(scoped);
  await plain.trainOnBatch(x, y);
  await scoped.trainOnBatch(x, y);
  expectSameWeights(plain, scoped);
});

test('a model that is compiled again uses its new loss and optimizer', async () => {
  const { plain, scoped } = twins(dense, new MirroredStrategy({ devices: 2 }));
  const { x, y } = dense.data(8);
  await scoped.trainOnBatch(x, y);
  setFixedWeights(scoped);
  for (const model of [plain, scoped]) {
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError', metrics: ['accuracy'] });
    await model.fit(x, y, { batchSize: 4, epochs: 2, shuffle: false, verbose: SILENT });
  }
  expectSameWeights(plain, scoped);
});

describe.each([1, 2])('in %i micro-batches, rejects', (gradientAccumulationSteps) => {
  const strategy = new MirroredStrategy({ devices: 2, gradientAccumulationSteps });
  const refusal = (message: RegExp): unknown =>
    expect.objectContaining({
      code: ErrorCode.InvalidArgument,
      message: expect.stringMatching(message) as unknown,
    }) as unknown;

  test('a batch without rows, after which training can continue', async () => {
    const { plain, scoped } = twins(dense, strategy);
    const { x, y } = dense.data(8) as { x: tf.Tensor; y: tf.Tensor };
    const [noX, noY] = [x.slice(0, 0), y.slice(0, 0)];
    for (let time = 0; time < 2; time++) {
      await expect(scoped.trainOnBatch(noX, noY)).rejects.toEqual(refusal(/no rows/));
      const batches = [{ xs: noX.clone(), ys: noY.clone() }];
      await expect(scoped.evaluateDataset(tf.data.array(batches as never) as never, {})).rejects.toEqual(
        refusal(/no rows/),
      );
      expect(() => scoped.predict(noX)).toThrow(refusal(/no rows/));
      for (const model of [plain, scoped]) await model.trainOnBatch(x, y);
    }
    expectSameWeights(plain, scoped);
  });

  test('a dataset that is already distributed', async () => {
    const { scoped } = twins(dense, strategy);
    const { x, y } = dense.data(8) as { x: tf.Tensor; y: tf.Tensor };
    const plainDataset = tf.data
      .zip({ xs: tf.data.array(x.arraySync() as number[][]), ys: tf.data.array(y.arraySync() as number[][]) })
      .batch(4);
    const dataset = strategy.distributeDataset(plainDataset) as never;
    await expect(scoped.fitDataset(dataset, { epochs: 1, verbose: SILENT })).rejects.toEqual(
      refusal(/already distributed/),
    );
    await expect(
      scoped.fitDataset(plainDataset as never, { epochs: 1, verbose: SILENT, validationData: dataset }),
    ).rejects.toEqual(refusal(/already distributed/));
    await expect(scoped.evaluateDataset(dataset, {})).rejects.toEqual(refusal(/already distributed/));
  });
});
