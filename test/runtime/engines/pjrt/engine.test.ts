/** Which steps the engine runs, what it says about others, and what it leaves behind. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';

import { LaunchedSteps } from '../../../../src/runtime/engines/pjrt/launched-steps.js';
import { describeEngines, ErrorCode, MirroredStrategy } from '../../../../src/runtime/index.js';
import { BufferOwner } from '../../../../src/runtime/pjrt/pjrt-buffer.js';
import { PjrtClient } from '../../../../src/runtime/pjrt/pjrt-client.js';
import { DataTypeCode } from '../../../../src/runtime/tensorflow/data-types-table.js';
import { describeWithPjrt, PJRT_PLUGIN } from '../../pjrt/describe-with-pjrt.js';
import { SILENT } from '../../support/silent.js';

/** Normalizes over neighbouring features by an op that has no lowering. */
class NeighbourNormalization extends tf.layers.Layer {
  static readonly className = 'NeighbourNormalization';

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = [inputs].flat()[0] as tf.Tensor2D;
    const [rows, features] = x.shape;
    const grid: tf.Tensor4D = tf.reshape(x, [rows, 1, 1, features]);
    return tf.reshape(tf.localResponseNormalization(grid, 2), x.shape);
  }
}

function dense(layers: tf.layers.Layer[] = []): tf.Sequential {
  const kernelInitializer = tf.initializers.randomNormal({ seed: 4, stddev: 0.3 });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [5], activation: 'tanh', kernelInitializer }),
      ...layers,
      tf.layers.dense({ units: 2, kernelInitializer }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  return model;
}

const rows = (): [tf.Tensor, tf.Tensor] => [
  tf.randomNormal([24, 5], 0, 1, 'float32', 1),
  tf.randomNormal([24, 2], 0, 1, 'float32', 2),
];

async function lossesOf(model: tf.LayersModel, epochs = 2): Promise<number[]> {
  const [x, y] = rows();
  const { history } = await model.fit(x, y, { batchSize: 8, epochs, shuffle: false, verbose: SILENT });
  return history['loss'] as number[];
}

describeWithPjrt('the engine pjrt', () => {
  beforeAll(() => {
    new MirroredStrategy({ devices: 2, engine: 'pjrt' });
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('runs only where it is named', () => {
    const described = (): [string, boolean][] =>
      describeEngines().flatMap(({ name, available, selected }) => (available && selected ? [[name, selected]] : []));
    vi.stubEnv('MIRRORSCOPE_ENGINE', '');
    expect(described()).toEqual([['tensorflow', true]]);
    vi.stubEnv('MIRRORSCOPE_ENGINE', 'pjrt');
    expect(described()).toEqual([['pjrt', true]]);
    expect(describeEngines().find(({ name }) => name === 'pjrt')?.reason).toContain('PJRT plugin');
  });

  it('takes the words for devices that other engines take', () => {
    const devices = (request: number | (number | string)[]): number[] =>
      new MirroredStrategy({ devices: request, engine: 'pjrt' }).devices.map(({ index }) => index);
    expect(devices(2)).toEqual([0, 1]);
    expect(devices([1])).toEqual([1]);
    expect(devices(['gpu:1', '/device:CPU:0'])).toEqual([1, 0]);
    expect(() => devices([7])).toThrow(expect.objectContaining({ code: ErrorCode.UnknownDevice }));
    expect(() => devices(['fast'])).toThrow(expect.objectContaining({ code: ErrorCode.UnknownDevice }));
    expect(() => devices(0)).toThrow(expect.objectContaining({ code: ErrorCode.InvalidArgument }));
  });

  it('trains on the device that it is told to use', async () => {
    const strategy = new MirroredStrategy({ devices: [1], engine: 'pjrt' });
    expect(await lossesOf(strategy.scope(() => dense()))).toHaveLength(2);
  });

  it('runs a step without a lowering on TensorFlow, and says once which op it was', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const build = (): tf.Sequential => dense([new NeighbourNormalization()]);
    const strategy = new MirroredStrategy({ devices: 2, engine: 'pjrt' });
    const other = new MirroredStrategy({ devices: 2, engine: 'tensorflow' });
    const [one, two] = [await lossesOf(strategy.scope(build), 3), await lossesOf(other.scope(build), 3)];
    one.forEach((loss, epoch) => {
      expect(loss).toBeCloseTo(two[epoch] as number, 5);
    });
    const notices = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('runs on TensorFlow'));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('LRN');
  });

  it('draws other masks for each step and replica, and the same ones from the same seed', async () => {
    const train = (seed: number): Promise<number[]> => {
      const strategy = new MirroredStrategy({ devices: 2, engine: 'pjrt', seed });
      return lossesOf(strategy.scope(() => dense([tf.layers.dropout({ rate: 0.5 })])));
    };
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect(await train(2)).not.toEqual(first);
  });

  it('lets weights be read and written between steps', async () => {
    const strategy = new MirroredStrategy({ devices: 2, engine: 'pjrt' });
    const model = strategy.scope(() => dense());
    const before = model.getWeights().map((weight) => weight.clone());
    const first = await lossesOf(model, 1);
    expect(
      tf
        .sub(model.getWeights()[0] as tf.Tensor, before[0] as tf.Tensor)
        .abs()
        .sum()
        .dataSync()[0],
    ).not.toBe(0);
    model.setWeights(before);
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
    const again = await lossesOf(model, 1);
    again.forEach((loss, epoch) => {
      expect(loss).toBeCloseTo(first[epoch] as number, 5);
    });
  });

  it('frees what its steps no longer need', async () => {
    const adopt = vi.spyOn(BufferOwner.prototype, 'adopt');
    const strategy = new MirroredStrategy({ devices: 2, engine: 'pjrt' });
    const model = strategy.scope(() => dense());
    await lossesOf(model, 3);
    const owner = adopt.mock.contexts[0] as BufferOwner;
    const before = owner.alive;
    const tensors = tf.memory().numTensors;
    await lossesOf(model, 40);
    // The rows of each fit are tensors of their own.
    expect(tf.memory().numTensors - tensors).toBeLessThan(8);
    expect(owner.alive - before).toBeLessThan(16);
  });
});

describeWithPjrt('steps in flight', () => {
  it('are undone from the one that failed on, the last first', () => {
    const client = new PjrtClient(PJRT_PLUGIN?.path ?? '', { cpuDevices: 1 });
    const device = client.deviceAt(0);
    const type = { dtype: DataTypeCode.Float, shape: [3] };
    const program = client.compile({
      text: `module @m { func.func public @main(%a: tensor<3xf32>) -> tensor<3xf32> {
        %0 = stablehlo.add %a, %a : tensor<3xf32>
        return %0 : tensor<3xf32> } }`,
      results: [type],
      devices: [device],
    });
    const [good, bad] = [
      client.upload(Float32Array.of(1, 2, 3), type, device),
      client.failedValue('burnt', type, device),
    ];
    const launched = new LaunchedSteps(client.api);
    const undone: string[] = [];
    const settled: string[] = [];
    const add = (name: string, events: readonly number[]): void => {
      launched.add({ name, events, undo: () => undone.push(name), settle: () => settled.push(name) });
    };
    add('first', program.launch([[good]]).events);
    add('second', program.launch([[bad]]).events);
    add('third', program.launch([[good]]).events);
    let failure: unknown;
    try {
      launched.endAll();
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({
      code: ErrorCode.ReplicaFailed,
      message: expect.stringContaining('burnt') as string,
    });
    expect(launched.explain(new Error('another'))).toBe(failure);
    expect(undone).toEqual(['third', 'second']);
    expect(settled).toEqual(['first', 'third', 'second']);
    expect(() => {
      launched.endAll();
    }).not.toThrow();
  });
});
