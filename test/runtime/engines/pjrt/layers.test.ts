/**
 * Every layer of TensorFlow.js trains, evaluates and predicts on XLA as on TensorFlow's own ops. docs/pjrt-layers.md
 * lists the layers: it is written by this test with `npx vitest run -u`.
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { PjrtExecutable } from '../../../../src/runtime/pjrt/pjrt-executable.js';
import { describeWithPjrt } from '../../pjrt/describe-with-pjrt.js';
import { EQUAL, expectSameOutcome } from '../../support/compare-training.js';
import { type ModelCase } from '../../support/model-cases.js';
import { trainCase } from '../../support/training-outcome.js';

import { LAYER_ALIASES, LAYER_CASES, type LayerCase } from './layer-cases-table.js';

/** Base classes, from which layers are made. */
const NO_LAYERS = ['Layer', 'RNN', 'RNNCell'];
const OPTIONS = { rows: 8, batchSize: 4 };

/** A classifier around a layer: trainable layers before it, so that gradients flow through it. */
function modelCase(name: string, { inputShape, vocabulary, isFirst, apply }: LayerCase): ModelCase {
  const input = (rows: number): tf.Tensor => {
    const shape = [rows, ...inputShape];
    if (vocabulary === undefined) return tf.randomNormal(shape, 0, 1, 'float32', 5);
    const size = shape.reduce((product, length) => product * length, 1);
    return tf.tensor(
      Array.from({ length: size }, (_, place) => (place * 7 + 3) % vocabulary),
      shape,
    );
  };
  return {
    name,
    build: () => {
      const inputs = tf.input({ shape: [...inputShape] });
      const before =
        vocabulary === undefined && isFirst !== true ? (tf.layers.prelu().apply(inputs) as tf.SymbolicTensor) : inputs;
      const middle = [apply(before)].flat()[0] as tf.SymbolicTensor;
      const flat = middle.shape.length === 2 ? middle : (tf.layers.flatten().apply(middle) as tf.SymbolicTensor);
      const outputs = tf.layers.dense({ units: 2 }).apply(flat) as tf.SymbolicTensor;
      const model = tf.model({ inputs, outputs });
      model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError', metrics: ['mae'] });
      return model;
    },
    data: (rows) => ({ x: input(rows), y: tf.randomNormal([rows, 2], 0, 1, 'float32', 6) }),
  };
}

function describeResults({ isRandom, unlowered, eager, untrainable }: LayerCase): string {
  if (untrainable !== undefined) return `TensorFlow.js cannot train it: ${untrainable.why}`;
  if (eager !== undefined) return `equal; runs eagerly on TensorFlow, because ${eager}`;
  if (unlowered !== undefined) return `equal; runs on TensorFlow, because \`${unlowered}\` has no lowering`;
  return isRandom === true ? 'trains, by other random numbers' : 'equal';
}

function documentation(): string {
  const aliases = (name: string): string[] =>
    Object.entries(LAYER_ALIASES).flatMap(([alias, of]) => (of === name ? [alias] : []));
  const rows = Object.entries(LAYER_CASES).map(([name, layerCase]) => {
    const names = [name, ...aliases(name)].map((each) => `\`${each}\``).join(', ');
    return `| ${names} | ${describeResults(layerCase)} |`;
  });
  return [
    '# Layers on XLA',
    '',
    'What becomes of each layer of TensorFlow.js with the engine [`pjrt`](pjrt.md). A test trains, evaluates and predicts a',
    'small model around each one, compares the results with those of TensorFlow, and writes this page. Other layers, your',
    'own included, run by XLA if their ops have a lowering; if not, a notice names the op.',
    '',
    '| Layer | Results on XLA |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

describeWithPjrt('layers on XLA', () => {
  let warn: MockInstance<typeof console.warn>;
  beforeAll(() => {
    new MirroredStrategy({ devices: 2, engine: 'pjrt' });
  });
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const strategyOn = (engine: 'pjrt' | 'tensorflow'): MirroredStrategy =>
    new MirroredStrategy({ devices: 1, engine, runEagerly: engine === 'tensorflow' });

  describe.each(Object.entries(LAYER_CASES))('%s', (name, layerCase) => {
    it('trains', { timeout: 60_000 }, async () => {
      const made = modelCase(name, layerCase);
      const { isRandom = false, unlowered, eager, untrainable } = layerCase;
      if (untrainable !== undefined) {
        await expect(trainCase(made, OPTIONS)).rejects.toThrow(untrainable.message);
        return;
      }
      const expected = await trainCase(made, OPTIONS, strategyOn('tensorflow'));
      warn.mockClear();
      const launch = vi.spyOn(PjrtExecutable.prototype, 'launch');
      const actual = await trainCase(made, OPTIONS, strategyOn('pjrt'));
      const notices = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes(' runs '));
      const expectedNotice = eager === undefined ? unlowered : 'runs eagerly';
      const isExpected = (text: string): boolean => expectedNotice !== undefined && text.includes(expectedNotice);
      expect(notices.filter((text) => !isExpected(text))).toEqual([]);
      expect(notices.length > 0).toBe(expectedNotice !== undefined);
      expect(launch.mock.calls.length > 0).toBe(expectedNotice === undefined);
      if (!isRandom) expectSameOutcome(expected, actual, EQUAL);
      else for (const { values } of actual.history) expect(values.every(Number.isFinite)).toBe(true);
    });
  });

  it('are all in the table', () => {
    const names = Object.entries(tf.layers).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    const known = [...NO_LAYERS, ...Object.keys(LAYER_CASES), ...Object.keys(LAYER_ALIASES)];
    expect(known.sort()).toEqual(names.sort());
  });

  it('are in the documentation', async () => {
    await expect(documentation()).toMatchFileSnapshot('../../../../docs/pjrt-layers.md');
  });
});
