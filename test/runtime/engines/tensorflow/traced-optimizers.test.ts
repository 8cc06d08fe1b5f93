/** In traced steps, the slots, counters and gradients of optimizers are those of plain TensorFlow.js. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';

import { MirroredStrategy, tfFunction } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameHistory, expectSameNumbers, expectSameWeights, twins } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';
import { setFixedWeights } from '../../support/training-outcome.js';

const dense = MODEL_CASES.find(({ name }) => name === 'dense') as ModelCase;
const strategyOf = (devices: number): MirroredStrategy => new MirroredStrategy({ devices, engine: 'tensorflow' });
const options = { batchSize: 8, epochs: 2, shuffle: false, verbose: 0 } as const;
const numbersOf = async (optimizer: tf.Optimizer): Promise<number[][]> =>
  (await optimizer.getWeights()).map(({ tensor }) => Array.from(tensor.dataSync()));

/** Saves a model with its optimizer, and loads it again. */
async function savedAndLoaded(
  model: tf.LayersModel,
  scope: <Result>(body: () => Promise<Result>) => Promise<Result>,
): Promise<tf.LayersModel> {
  const saved: tf.io.ModelArtifacts[] = [];
  const handler = tf.io.withSaveHandler((artifacts) => {
    saved.push(artifacts);
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
  });
  await model.save(handler, { includeOptimizer: true });
  return scope(() => tf.loadLayersModel(tf.io.fromMemory(saved[0] as tf.io.ModelArtifacts)));
}

describe.skipIf(locateTensorFlow().files === undefined)('optimizers of traced steps', () => {
  beforeAll(() => void strategyOf(3));

  // A step that falls back to eager execution gives the same numbers, so make sure that no step does.
  let warn: MockInstance<typeof console.warn>;
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    const eager = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs eagerly'));
    warn.mockRestore();
    expect(eager).toEqual([]);
  });

  const SLOTS = new Map<string, () => tf.Optimizer>([
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
    ['adagrad', () => tf.train.adagrad(0.1)],
    ['adadelta', () => tf.train.adadelta(0.5)],
    ['rmsprop', () => tf.train.rmsprop(0.01)],
    ['adam', () => tf.train.adam(0.01)],
  ]);
  test.each([...SLOTS.keys()])(
    'the slots of %s are saved with the model, and training continues from them',
    async (name) => {
      const { plain, scoped } = twins(dense, strategyOf(2), SLOTS.get(name));
      const { x, y } = dense.data(22);
      for (const model of [plain, scoped]) await model.fit(x, y, options);
      expect(scoped.optimizer.iterations).toBe(plain.optimizer.iterations);

      const expected = await savedAndLoaded(plain, (body) => body());
      const actual = await savedAndLoaded(scoped, (body) => strategyOf(3).scope(body));
      const [slots, otherSlots] = [await numbersOf(expected.optimizer), await numbersOf(actual.optimizer)];
      expect(otherSlots).toHaveLength(slots.length);
      slots.forEach((slot, index) => {
        expectSameNumbers(slot, otherSlots[index], `slot ${index}`);
      });

      expectSameHistory(await expected.fit(x, y, options), await actual.fit(x, y, options));
      expectSameWeights(expected, actual);
      expect(actual.optimizer.iterations).toBe(expected.optimizer.iterations);
    },
  );

  test.each([...SLOTS.keys()])('the slots of %s can be restored in the middle of training', async (name) => {
    const { plain, scoped } = twins(dense, strategyOf(2), SLOTS.get(name));
    const { x, y } = dense.data(16);
    for (const model of [plain, scoped]) {
      await model.fit(x, y, options);
      const slots = (await model.optimizer.getWeights()).map((slot) => ({ ...slot, tensor: slot.tensor.clone() }));
      const weights = model.getWeights().map((weight) => weight.clone());
      await model.fit(x, y, options);
      model.setWeights(weights);
      await model.optimizer.setWeights(slots);
    }
    expectSameHistory(await plain.fit(x, y, options), await scoped.fit(x, y, options));
    expectSameWeights(plain, scoped);
    const [slots, otherSlots] = [await numbersOf(plain.optimizer), await numbersOf(scoped.optimizer)];
    slots.forEach((slot, index) => {
      expectSameNumbers(slot, otherSlots[index], `slot ${index}`);
    });
  });

  test.each(['adam', 'adamax'] as const)('%s counts its steps across fits, shapes and replicas', async (name) => {
    for (const devices of [1, 2, 3]) {
      const { plain, scoped } = twins(dense, strategyOf(devices), () => tf.train[name](0.01));
      for (const rows of [22, 9, 22]) {
        const { x, y } = dense.data(rows);
        expectSameHistory(await plain.fit(x, y, options), await scoped.fit(x, y, options));
      }
      expectSameWeights(plain, scoped);
      expect(scoped.optimizer.iterations).toBe(2 * (3 + 2 + 3));
    }
  });

  test('several optimizers in turn keep their own slots', async () => {
    const { plain, scoped } = twins(dense, strategyOf(2));
    const { x, y } = dense.data(22);
    for (const model of [plain, scoped]) {
      const [adam, momentum] = [tf.train.adam(0.01), tf.train.momentum(0.05, 0.9)];
      for (const optimizer of [adam, momentum, adam, momentum]) {
        model.compile({ optimizer, loss: 'categoricalCrossentropy' });
        await model.fit(x, y, options);
      }
      expect([adam.iterations, momentum.iterations]).toEqual([12, 12]);
    }
    expectSameWeights(plain, scoped);
  });

  test('two optimizers in one function each take their own learning rate', () => {
    const results = [false, true].map((isTraced) => {
      const [one, other] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
      const [sgd, adam] = [tf.train.sgd(0.1), tf.train.adam(0.2)];
      const both = (x: tf.Tensor): void => {
        sgd.minimize(() => tf.mul<tf.Scalar>(tf.square(one), x), false, [one]);
        adam.minimize(() => tf.mul<tf.Scalar>(tf.square(other), x), false, [other]);
      };
      const step = isTraced ? tfFunction(both) : both;
      for (let count = 0; count < 6; count++) {
        if (count === 3)
          [sgd, adam].forEach(
            (optimizer, place) =>
              ((optimizer as unknown as { learningRate: number }).learningRate = 0.01 * (place + 1)),
          );
        step(tf.scalar(count));
      }
      return [one, other].map((variable) => variable.dataSync()[0]);
    });
    expectSameNumbers(results[0] as number[], results[1], 'variable');
  });

  test.each([1, 3])('%i replicas: an optimizer that clips gradients clips the summed gradients', async (devices) => {
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
    const { plain, scoped } = twins(dense, strategyOf(devices), () => new Clipping(1));
    const { x, y } = dense.data(22);
    expectSameHistory(await plain.fit(x, y, options), await scoped.fit(x, y, options));
    expectSameWeights(plain, scoped);
  });

  test.each([1, 3])('%i replicas: class weights and constraints', async (devices) => {
    const build = (): tf.LayersModel => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 6, inputShape: [5], kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }) }),
          tf.layers.dense({
            units: 3,
            activation: 'softmax',
            kernelConstraint: tf.constraints.unitNorm({}),
            biasConstraint: tf.constraints.nonNeg(),
          }),
        ],
      });
      model.compile({ optimizer: tf.train.sgd(0.5), loss: 'categoricalCrossentropy' });
      return model;
    };
    const plain = build();
    const scoped = strategyOf(devices).scope(build);
    [plain, scoped].forEach(setFixedWeights);
    const { x, y } = dense.data(22);
    const weighted = { ...options, classWeight: { 0: 1, 1: 5, 2: 0.2 } };
    expectSameHistory(await plain.fit(x, y, { ...weighted }), await scoped.fit(x, y, { ...weighted }));
    expectSameWeights(plain, scoped);
  });
});
