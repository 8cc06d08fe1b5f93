/** Steps that change their engine while a model trains give the results of one engine, whatever goes wrong. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';

import { BACKEND_NAME, MirroredStrategy, profile } from '../../../../src/runtime/index.js';
import { PjrtClient } from '../../../../src/runtime/pjrt/pjrt-client.js';
import { PjrtError, PjrtStatus } from '../../../../src/runtime/pjrt/pjrt-error.js';
import { PjrtExecutable } from '../../../../src/runtime/pjrt/pjrt-executable.js';
import { describeWithPjrt } from '../../pjrt/describe-with-pjrt.js';
import { expectSameOutcome } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';
import { SILENT } from '../../support/silent.js';
import { trainPerReplica } from '../../support/train-per-replica.js';
import { trainCase } from '../../support/training-outcome.js';

const FULL = process.env['MIRRORSCOPE_FULL_EQUALITY'] === '1';
/** Enough steps for a trial and some after it. */
const OPTIONS = { rows: 24, batchSize: 12, epochs: 15 };

const strategyOn = (devices: number): MirroredStrategy => new MirroredStrategy({ devices, engine: 'auto' });

describeWithPjrt('the engine auto', () => {
  let warn: MockInstance<typeof console.warn>;
  const notices = (): string[] => warn.mock.calls.map(([text]) => String(text));
  beforeAll(() => {
    strategyOn(4);
  });
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function plain(modelCase: ModelCase, devices: number) {
    await tf.setBackend('cpu');
    try {
      return modelCase.statisticsPerReplica === true
        ? trainPerReplica(modelCase, OPTIONS, devices)
        : await trainCase(modelCase, OPTIONS);
    } finally {
      await tf.setBackend(BACKEND_NAME);
    }
  }

  describe.each(MODEL_CASES)('$name', (modelCase) => {
    it.each(FULL ? [1, 2, 4] : [2])('trains on %i replicas', { timeout: 120_000 }, async (devices) => {
      const expected = await plain(modelCase, devices);
      const launch = vi.spyOn(PjrtExecutable.prototype, 'launch');
      expectSameOutcome(expected, await trainCase(modelCase, OPTIONS, strategyOn(devices)));
      expect(launch.mock.calls.length).toBeGreaterThan(6);
      const said = notices().filter((text) => text.includes('the train step runs on'));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/ms a step on TensorFlow, .* ms on XLA/);
    });
  });

  const dense = MODEL_CASES[0] as ModelCase;

  it('stays on TensorFlow when a program does not compile', async () => {
    vi.spyOn(PjrtClient.prototype, 'compile').mockImplementation(() => {
      throw new PjrtError(PjrtStatus.Internal, 'PJRT_Client_Compile', 'the compiler is broken');
    });
    expectSameOutcome(await plain(dense, 1), await trainCase(dense, OPTIONS, strategyOn(1)));
    expect(notices().join('\n')).toContain('the compiler is broken');
  });

  it('repeats a step on TensorFlow that fails on XLA', async () => {
    let launches = 0;
    const original = Object.getOwnPropertyDescriptor(PjrtExecutable.prototype, 'launch')
      ?.value as PjrtExecutable['launch'];
    vi.spyOn(PjrtExecutable.prototype, 'launch').mockImplementation(function (this: PjrtExecutable, rows) {
      if (++launches >= 2)
        throw new PjrtError(PjrtStatus.ResourceExhausted, 'PJRT_LoadedExecutable_Execute', 'no memory');
      return original.call(this, rows);
    });
    expectSameOutcome(await plain(dense, 2), await trainCase(dense, OPTIONS, strategyOn(2)));
    expect(notices().join('\n')).toContain('no memory');
  });

  it('leaves steps that draw random numbers on TensorFlow', async () => {
    const train = async (engine: 'auto' | 'tensorflow'): Promise<unknown> => {
      const strategy = new MirroredStrategy({ devices: 1, engine, seed: 3 });
      const model = strategy.scope(() => {
        const kernelInitializer = tf.initializers.randomNormal({ seed: 4, stddev: 0.3 });
        const made = tf.sequential({
          layers: [
            tf.layers.dense({ units: 8, inputShape: [5], kernelInitializer }),
            tf.layers.dropout({ rate: 0.5 }),
            tf.layers.dense({ units: 2, kernelInitializer }),
          ],
        });
        made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
        return made;
      });
      const [x, y] = [tf.ones([24, 5]), tf.ones([24, 2])];
      return (await model.fit(x, y, { batchSize: 12, epochs: 15, shuffle: false, verbose: SILENT })).history['loss'];
    };
    expect(await train('auto')).toEqual(await train('tensorflow'));
    expect(notices().join('\n')).toContain('other random numbers');
  });

  it('leaves large programs on TensorFlow, which would take long to compile', { timeout: 120_000 }, async () => {
    const model = strategyOn(1).scope(() => {
      const made = tf.sequential({ layers: [tf.layers.lstm({ units: 2, inputShape: [50, 2] })] });
      made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return made;
    });
    const [x, y] = [tf.ones([4, 50, 2]), tf.ones([4, 2])];
    await model.fit(x, y, { batchSize: 4, epochs: 16, verbose: SILENT });
    expect(notices().join('\n')).toMatch(
      /the train step runs on TensorFlow: .* operations, which takes long to compile/,
    );
  });

  it('says in a profile where steps run', async () => {
    const model = strategyOn(1).scope(() => dense.build());
    const { x, y } = dense.data(24);
    await model.fit(x, y, { batchSize: 12, epochs: 15, verbose: SILENT });
    const { trace } = await profile(() => model.fit(x, y, { batchSize: 12, epochs: 1, verbose: SILENT }));
    expect(JSON.stringify(trace)).toMatch(/train on (XLA|TensorFlow): .* ms a step on TensorFlow/);
  });
});
