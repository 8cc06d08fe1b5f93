/** When a step is recorded again, how many recordings are kept, and what a recording may contain. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import { session } from '../../../../src/runtime/backend/install.js';
import { MirroredStrategy, tfFunction } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { ConcreteFunction } from '../../../../src/runtime/trace/concrete-function.js';
import { GraphBuilder } from '../../../../src/runtime/trace/graph-builder.js';
import { expectSameHistory, expectSameWeights, twins } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';
import { setFixedWeights } from '../../support/training-outcome.js';

const dense = MODEL_CASES.find(({ name }) => name === 'dense') as ModelCase;
const strategyOf = (devices: number): MirroredStrategy => new MirroredStrategy({ devices, engine: 'tensorflow' });
const options = { batchSize: 8, epochs: 1, shuffle: false, verbose: 0 } as const;

async function countingTraces(body: () => unknown): Promise<number> {
  const spy = vi.spyOn(GraphBuilder.prototype, 'toFunction');
  try {
    await body();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

async function warningsOf(body: () => Promise<unknown>): Promise<string[]> {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    await body();
    return warn.mock.calls.map(([text]) => String(text)).filter((text) => /runs? eagerly/.test(text));
  } finally {
    warn.mockRestore();
  }
}

/** Collects garbage, and lets finalizers run. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.skipIf(locateTensorFlow().files === undefined)('recordings', () => {
  beforeAll(() => void strategyOf(2));

  test('a step is recorded only for a new shape, compile or set of trainable weights', async () => {
    const { scoped } = twins(dense, strategyOf(1));
    const [even, odd] = [dense.data(16), dense.data(20)];
    const fit = (data: typeof even) => () => scoped.fit(data.x, data.y, options);
    const compile = (): void => {
      scoped.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    };
    expect(await countingTraces(fit(even))).toBe(1);
    expect(await countingTraces(fit(even))).toBe(0);
    // The last batch of 20 has 4 rows.
    expect(await countingTraces(fit(odd))).toBe(1);
    compile();
    expect(await countingTraces(fit(even))).toBe(1);
    (scoped.layers[0] as tf.layers.Layer).trainable = false;
    compile();
    expect(await countingTraces(fit(even))).toBe(1);
    setFixedWeights(scoped);
    expect(await countingTraces(fit(even))).toBe(0);
  });

  test('evaluation and prediction are recorded once', async () => {
    const { scoped } = twins(dense, strategyOf(2));
    const { x, y } = dense.data(16);
    const both = (): void => {
      tf.dispose([scoped.evaluate(x, y, { batchSize: 8 }), scoped.predict(x, { batchSize: 8 })] as never);
    };
    expect(await countingTraces(both)).toBe(2);
    expect(await countingTraces(both)).toBe(0);
  });

  test('the latest recordings are kept', async () => {
    const removed = vi.spyOn(ConcreteFunction.prototype, 'delete');
    const square = tfFunction((x: tf.Tensor) => tf.square(x));
    const call = (rows: number): void => {
      square(tf.ones([rows])).dispose();
    };
    const made = await countingTraces(() =>
      Array.from({ length: 50 }, (_, row) => {
        call(row + 1);
      }),
    );
    expect(made - removed.mock.calls.length).toBe(32);
    removed.mockRestore();
    expect(
      await countingTraces(() => {
        call(50);
      }),
    ).toBe(0);
    expect(
      await countingTraces(() => {
        call(1);
      }),
    ).toBe(1);
  });

  test('when a program uses more shapes in turn than recordings are kept, the others run eagerly, with one warning', async () => {
    const square = tfFunction((x: tf.Tensor) => tf.square(x));
    const round = (shapes: number): void => {
      for (let rows = 1; rows <= shapes; rows++)
        expect(tf.tidy(() => square(tf.fill([rows], 3)).dataSync()[0])).toBe(9);
    };
    const warnings = await warningsOf(async () => {
      expect(
        await countingTraces(() => {
          round(40);
        }),
      ).toBe(40);
      await countingTraces(() => {
        round(40);
      });
      expect(
        await countingTraces(() => {
          round(40);
        }),
      ).toBe(0);
      expect(
        await countingTraces(() => {
          round(40);
        }),
      ).toBe(0);
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/some calls of a function without a name run eagerly.*more than 32 recordings/);
    // Recordings that are unused for a while make room for others.
    await countingTraces(() =>
      Array.from({ length: 150 }, () => {
        square(tf.ones([20])).dispose();
      }),
    );
    expect(
      await countingTraces(() => {
        square(tf.ones([40])).dispose();
      }),
    ).toBe(1);
  });

  test('a model with more sequence lengths than recordings are kept trains to the same weights', async () => {
    const build = (): tf.LayersModel => {
      const model = tf.sequential({
        layers: [tf.layers.globalAveragePooling1d({ inputShape: [null, 2] }), tf.layers.dense({ units: 1 })],
      });
      model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
      return model;
    };
    const plain = build();
    const scoped = strategyOf(2).scope(build);
    [plain, scoped].forEach(setFixedWeights);
    const warnings = await warningsOf(async () => {
      for (let epoch = 0; epoch < 2; epoch++) {
        for (let length = 2; length < 36; length++) {
          const [x, y] = [tf.ones([4, length, 2]).mul(length / 40), tf.ones([4, 1])];
          const losses = [await plain.trainOnBatch(x, y), await scoped.trainOnBatch(x, y)] as number[];
          expect(losses[1]).toBeCloseTo(losses[0] as number, 5);
          tf.dispose([x, y]);
        }
      }
    });
    expectSameWeights(plain, scoped);
    expect(warnings.filter((text) => text.includes('some calls of the train step'))).toHaveLength(1);
  }, 120_000);

  test('the functions of a model are removed when the model is garbage-collected', async () => {
    const { x, y } = dense.data(16);
    const strategy = strategyOf(2);
    const train = async (): Promise<void> => {
      const { scoped } = twins(dense, strategy);
      await scoped.fit(x, y, { ...options, validationData: [x, y] });
      tf.dispose(scoped.predict(x));
      scoped.dispose();
    };
    await train();
    await collectGarbage();
    const before = session.context.functions.alive;
    for (let model = 0; model < 5; model++) await train();
    expect(session.context.functions.alive).toBeGreaterThanOrEqual(before + 3);
    await collectGarbage();
    expect(session.context.functions.alive).toBeLessThanOrEqual(before);
  });

  test('layers and losses can branch on shapes in JavaScript', async () => {
    class Widening extends tf.layers.Layer {
      static className = 'Widening';

      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.tidy(() => {
          let output = [inputs].flat()[0] as tf.Tensor;
          for (let turn = 0; turn < (output.shape[1] as number) - 3; turn++)
            output = tf.tanh(tf.mul(output, 1.1 + turn));
          return output;
        });
      }
    }
    const loss = (target: tf.Tensor, output: tf.Tensor): tf.Tensor =>
      target.shape[0] > 3 ? tf.losses.meanSquaredError(target, output) : tf.losses.absoluteDifference(target, output);
    const build = (): tf.LayersModel => {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 5, inputShape: [5] }), new Widening(), tf.layers.dense({ units: 3 })],
      });
      model.compile({ optimizer: tf.train.sgd(0.1), loss });
      return model;
    };
    const plain = build();
    const scoped = strategyOf(1).scope(build);
    [plain, scoped].forEach(setFixedWeights);
    const { x, y } = dense.data(18);
    const warnings = await warningsOf(async () => {
      for (let epoch = 0; epoch < 2; epoch++)
        expectSameHistory(await plain.fit(x, y, options), await scoped.fit(x, y, options));
    });
    expectSameWeights(plain, scoped);
    expect(warnings).toEqual([]);
  });

  test('a step that draws random numbers on the host runs eagerly, with one warning that names operation and location', async () => {
    let draws = 0;
    const scaledAtRandom = (target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
      const scale = Math.random() < 2 ? 1 : 0;
      draws++;
      return tf.mul(tf.losses.meanSquaredError(target, output), scale);
    };
    const build = (): tf.LayersModel => {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [5] })] });
      model.compile({ optimizer: tf.train.sgd(0.1), loss: scaledAtRandom });
      return model;
    };
    const plain = build();
    const scoped = strategyOf(2).scope(build);
    [plain, scoped].forEach(setFixedWeights);
    const { x, y } = dense.data(22);
    const warnings = await warningsOf(async () => {
      for (let epoch = 0; epoch < 2; epoch++)
        expectSameHistory(await plain.fit(x, y, options), await scoped.fit(x, y, options));
    });
    expectSameWeights(plain, scoped);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('Math.random');
    expect(warnings[0]).toContain('scaledAtRandom');
    expect(warnings[0]).toContain('recordings.test.ts');
    expect(draws).toBeGreaterThan(12);
  });

  test.each(['gaussianNoise', 'gaussianDropout', 'alphaDropout'] as const)(
    '%s draws new values in each step',
    async (name) => {
      const noise = {
        gaussianNoise: () => tf.layers.gaussianNoise({ stddev: 1, inputShape: [32] }),
        gaussianDropout: () => tf.layers.gaussianDropout({ rate: 0.5, inputShape: [32] }),
        alphaDropout: () => tf.layers.alphaDropout({ rate: 0.5, inputShape: [32] }),
      }[name];
      const model = strategyOf(2).scope(() => {
        const built = tf.sequential({
          layers: [noise(), tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' })],
        });
        // With a learning rate of 0, only the noise changes the loss.
        built.compile({ optimizer: tf.train.sgd(0), loss: (_target: tf.Tensor, output: tf.Tensor) => output.sum(-1) });
        return built;
      });
      // All elements differ. With equal ones, two masks that keep the same number of them would give the same loss.
      const features = tf
        .linspace(1, 2, 8 * 32)
        .square()
        .reshape([8, 32]);
      const losses: number[] = [];
      const warnings = await warningsOf(async () => {
        for (let step = 0; step < 4; step++) {
          const { history } = await model.fit(features, tf.zeros([8, 1]), options);
          losses.push(history['loss']?.[0] as number);
        }
      });
      expect(new Set(losses).size).toBe(4);
      expect(warnings).toEqual([]);
    },
  );
});
