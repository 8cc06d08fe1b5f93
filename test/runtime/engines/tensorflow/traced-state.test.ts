/** A recording must not freeze state. Each test compares with plain TensorFlow.js, or with the definition. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameHistory, expectSameNumbers, expectSameWeights } from '../../support/compare-training.js';
import { SILENT } from '../../support/silent.js';
import { setFixedWeights } from '../../support/training-outcome.js';

const REPLICAS = [1, 2];
const strategyOf = (devices: number): MirroredStrategy => new MirroredStrategy({ devices, engine: 'tensorflow' });

function regression(optimizer: tf.Optimizer, layers: tf.layers.Layer[] = []): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [3] }),
      ...layers,
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}

const x = (): tf.Tensor => tf.randomNormal([8, 3], 0, 1, 'float32', 1);
const y = (): tf.Tensor => tf.randomNormal([8, 1], 0, 1, 'float32', 2);
const options = { batchSize: 8, epochs: 3, shuffle: false, verbose: 0 } as const;

/** Counts the recorded functions: each of them calls TensorFlow's graph builder once. */
async function countingTraces(body: () => Promise<void>): Promise<number> {
  const { ConcreteFunction } = await import('../../../../src/runtime/trace/concrete-function.js');
  const { GraphBuilder } = await import('../../../../src/runtime/trace/graph-builder.js');
  expect(ConcreteFunction).toBeDefined();
  const spy = vi.spyOn(GraphBuilder.prototype, 'toFunction');
  try {
    await body();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe.skipIf(locateTensorFlow().files === undefined)('traced', () => {
  beforeAll(() => void strategyOf(2));

  describe.each(REPLICAS)('%i replicas', (devices) => {
    const twins = (make: () => tf.Sequential): { plain: tf.Sequential; scoped: tf.Sequential } => {
      const plain = make();
      const scoped = strategyOf(devices).scope(make);
      setFixedWeights(plain);
      setFixedWeights(scoped);
      return { plain, scoped };
    };

    test('a learning rate that changes between epochs takes effect without another recording', async () => {
      const adam = (): tf.Sequential => regression(tf.train.adam(0.01));
      const { plain, scoped } = twins(adam);
      const callbacksOf = (model: tf.Sequential): tf.CustomCallbackArgs => ({
        onEpochBegin: (epoch) => {
          (model.optimizer as unknown as { learningRate: number }).learningRate = 0.05 / (epoch + 1);
          return Promise.resolve();
        },
      });
      await plain.fit(x(), y(), { ...options, callbacks: callbacksOf(plain) });
      const traces = await countingTraces(async () => {
        await scoped.fit(x(), y(), { ...options, callbacks: callbacksOf(scoped) });
      });
      expect(traces).toBe(1);
      expectSameWeights(plain, scoped);
    });

    test('setLearningRate of SGD, which replaces a tensor that the step holds, takes effect', async () => {
      const { plain, scoped } = twins(() => regression(tf.train.sgd(0.1)));
      for (const model of [plain, scoped]) {
        await model.fit(x(), y(), options);
        (model.optimizer as tf.SGDOptimizer & { setLearningRate(rate: number): void }).setLearningRate(0.01);
        await model.fit(x(), y(), options);
      }
      expectSameWeights(plain, scoped);
    });

    test('the next step starts from the weights of setWeights', async () => {
      const { plain, scoped } = twins(() => regression(tf.train.adam(0.01)));
      for (const model of [plain, scoped]) {
        await model.fit(x(), y(), options);
        setFixedWeights(model);
        await model.fit(x(), y(), options);
      }
      expectSameWeights(plain, scoped);
    });

    test('a loss reads the current value of a variable, but the recorded value of a JavaScript number', async () => {
      const weight = tf.variable(tf.scalar(0), false);
      let factor = 1;
      const make = (): tf.Sequential => {
        const model = regression(tf.train.sgd(0.01));
        model.compile({
          optimizer: tf.train.sgd(0.01),
          loss: (target: tf.Tensor, output: tf.Tensor) =>
            tf.add(tf.losses.meanSquaredError(target, output), tf.mul(tf.mean(tf.abs(output)), weight)).mul(factor),
        });
        return model;
      };
      const { plain, scoped } = twins(make);
      const annealed: tf.CustomCallbackArgs = {
        onEpochBegin: (epoch) => {
          weight.assign(tf.scalar(epoch / 2));
          return Promise.resolve();
        },
      };
      expectSameHistory(
        await plain.fit(x(), y(), { ...options, callbacks: annealed }),
        await scoped.fit(x(), y(), { ...options, callbacks: annealed }),
      );
      const loss = (): number => (scoped.evaluate(x(), y()) as tf.Scalar).dataSync()[0] ?? NaN;
      const before = loss();
      factor = 2;
      expect(loss()).toBe(before);
      // As documented, compiling again reads the number again.
      scoped.compile({
        optimizer: tf.train.sgd(0.01),
        loss: (target: tf.Tensor, output: tf.Tensor) => tf.mul(tf.losses.meanSquaredError(target, output), factor),
      });
      const doubled = loss();
      scoped.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
      expect(doubled / loss()).toBeCloseTo(2, 5);
    });

    test('freezing and unfreezing a layer without compiling again takes effect in the next step', async () => {
      const { plain, scoped } = twins(() => regression(tf.train.sgd(0.05)));
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      try {
        for (const trainable of [true, false, true]) {
          for (const model of [plain, scoped]) (model.layers[0] as tf.layers.Layer).trainable = trainable;
          expectSameHistory(await plain.fit(x(), y(), options), await scoped.fit(x(), y(), options));
          expectSameWeights(plain, scoped);
        }
      } finally {
        warn.mockRestore();
      }
    });

    test('a layer that is frozen before compiling again does not change', async () => {
      const { plain, scoped } = twins(() => regression(tf.train.sgd(0.1)));
      for (const model of [plain, scoped]) {
        await model.fit(x(), y(), options);
        (model.layers[0] as tf.layers.Layer).trainable = false;
        model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanAbsoluteError' });
        await model.fit(x(), y(), options);
      }
      expectSameWeights(plain, scoped);
    });

    test('the step count of the optimizer continues', async () => {
      const { plain, scoped } = twins(() => regression(tf.train.adam(0.01)));
      await plain.fit(x(), y(), options);
      await scoped.fit(x(), y(), options);
      expect(scoped.optimizer.iterations).toBe(plain.optimizer.iterations);
      const [weightsOf, other] = await Promise.all([plain.optimizer.getWeights(), scoped.optimizer.getWeights()]);
      expect(other.length).toBe(weightsOf.length);
    });

    test('dropout draws a different mask in each step and replica', async () => {
      const scoped = strategyOf(devices).scope(() => {
        const sum = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' });
        const model = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [64] }), sum] });
        // With a learning rate of 0, only the mask changes the loss.
        model.compile({ optimizer: tf.train.sgd(0), loss: (_target: tf.Tensor, output: tf.Tensor) => output.sum(-1) });
        return model;
      });
      const features = tf.ones([8, 64]);
      const losses: number[] = [];
      for (let step = 0; step < 4; step++) {
        const history = await scoped.fit(features, tf.zeros([8, 1]), { batchSize: 8, epochs: 1, verbose: SILENT });
        losses.push(history.history['loss']?.[0] as number);
      }
      expect(new Set(losses).size).toBeGreaterThan(2);
      // Half of the inputs are dropped and the others doubled: the mean stays 64 for 64 features.
      for (const loss of losses) expect(Math.abs(loss - 64)).toBeLessThan(16);
    });

    test('a loss that reads a value on the host runs eagerly, with the same result and one warning', async () => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      try {
        const reading = (target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
          const scale = output.abs().max().dataSync()[0] as number;
          return tf.losses.meanSquaredError(target, output).mul<tf.Tensor>(scale > 0 ? 1 : 2);
        };
        const make = (): tf.Sequential => {
          const model = regression(tf.train.sgd(0.1));
          model.compile({ optimizer: tf.train.sgd(0.1), loss: reading });
          return model;
        };
        const { plain, scoped } = twins(make);
        await plain.fit(x(), y(), options);
        await scoped.fit(x(), y(), options);
        expectSameWeights(plain, scoped);
        const warnings = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly'));
        expect(warnings).toHaveLength(1);
        expect(warnings[0]).toContain('dataSync');
      } finally {
        warn.mockRestore();
      }
    });

    test('steps, evaluation and prediction leak no tensor', async () => {
      const { scoped } = twins(() => regression(tf.train.adam(0.01)));
      const [features, targets] = [x(), y()];
      const round = async (): Promise<void> => {
        await scoped.fit(features, targets, options);
        tf.dispose(scoped.evaluate(features, targets));
        tf.dispose(scoped.predict(features));
      };
      await round();
      const before = tf.memory().numTensors;
      for (let count = 0; count < 3; count++) await round();
      expect(tf.memory().numTensors).toBe(before);
    });

    test('validation data are evaluated as on one device', async () => {
      const { plain, scoped } = twins(() => regression(tf.train.sgd(0.1)));
      const losses: number[][] = [];
      for (const model of [plain, scoped]) {
        const history = await model.fit(x(), y(), { ...options, validationData: [x(), y()] as [tf.Tensor, tf.Tensor] });
        losses.push(history.history['val_loss'] as number[]);
      }
      expectSameNumbers(losses[0] as number[], losses[1], 'validation loss');
    });
  });
});
