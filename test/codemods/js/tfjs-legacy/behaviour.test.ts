/** Runs migrated code on the installed tfjs: it computes what the documentation of the legacy function says. */
import * as vm from 'node:vm';

import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';
import { defined } from '../../../support/defined.js';

/** Runs code as the body of a function with these parameters. */
function run(code: string, scope: Record<string, unknown>): unknown {
  return vm.compileFunction(code, Object.keys(scope)).call(undefined, ...Object.values(scope)) as unknown;
}

/** Migrates an expression over `tf` and evaluates the result. */
async function evaluated(expression: string, scope: Record<string, unknown> = {}): Promise<unknown> {
  const head = "import * as tf from '@tensorflow/tfjs';\n";
  const result = await migrateText('code.js', `${head}value(${expression});\n`, { only: ['tfjs-legacy'] });
  expect(result.error).toBeUndefined();
  expect(result.findings.map(({ disposition }) => disposition)).not.toContain('refuse');
  const code = result.output?.slice(head.length).replace(/^value\(/, 'return (') ?? '';
  expect(code).not.toBe('');
  return run(code, { tf, ...scope });
}

async function numbers(expression: string, scope?: Record<string, unknown>): Promise<number[]> {
  const tensor = (await evaluated(expression, scope)) as tf.Tensor;
  return [...tensor.dataSync()];
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, index) => {
    expect(value).toBeCloseTo(defined(expected[index]), 4);
  });
}

beforeEach(async () => {
  await tf.setBackend('cpu');
  tf.engine().startScope();
});

afterEach(() => {
  tf.engine().endScope();
});

describe('batch normalization', () => {
  // scale · (x − mean) / √(variance + ε) + offset, with all five different.
  const [x, mean, variance, epsilon, scale, offset] = [7, 3, 4, 0.25, 2, 10];
  const expected = (scale * (x - mean)) / Math.sqrt(variance + epsilon) + offset;
  const scope = () => ({
    x: tf.tensor2d([[x]]),
    mean: tf.tensor1d([mean]),
    variance: tf.tensor1d([variance]),
    scale: tf.tensor1d([scale]),
    offset: tf.tensor1d([offset]),
  });

  it('passes each argument in its new position', async () => {
    expectClose(await numbers('tf.batchNormalization(x, mean, variance, 0.25, scale, offset)', scope()), [expected]);
    expectClose(await numbers('tf.batchNormalization2d(x, mean, variance, 0.25, scale, offset)', scope()), [expected]);
  });

  it('keeps missing arguments missing', async () => {
    const plain = (x - mean) / Math.sqrt(variance + 0.25);
    expectClose(await numbers('tf.batchNormalization(x, mean, variance, 0.25)', scope()), [plain]);
    expectClose(await numbers('tf.batchNormalization(x, mean, variance, 0.25, scale)', scope()), [plain * scale]);
    expectClose(await numbers('tf.batchNormalization(x, mean, variance)', scope()), [
      (x - mean) / Math.sqrt(variance + 0.001),
    ]);
  });

  it('does the same as a method', async () => {
    const chained = 'tf.tensor2d([[7]]).batchNormalization(mean, variance, 0.25, scale, offset)';
    expectClose(await numbers(chained, scope()), [expected]);
  });
});

describe('fused operations', () => {
  it('multiply, add and activate like the separate operations', async () => {
    const a = tf.tensor2d([
      [1, -2],
      [3, 4],
    ]);
    const b = tf.tensor2d([
      [1, 2],
      [3, -4],
    ]);
    const bias = tf.tensor1d([1, 1]);
    const expected = tf.relu(tf.add(tf.matMul(a, b, false, true), bias));
    expectClose(await numbers("tf.fused.matMul(a, b, false, true, bias, 'relu')", { a, b, bias }), [
      ...expected.dataSync(),
    ]);
  });

  it('convolve like the separate operations', async () => {
    const x = tf.range(0, 16).reshape([1, 4, 4, 1]);
    const filter = tf.tensor4d([1, -1, 2, 0.5], [2, 2, 1, 1]);
    const bias = tf.tensor1d([-3]);
    const expected = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, filter, 1, 'valid'), bias));
    const legacy = "tf.fused.conv2d(x, filter, 1, 'valid', 'NHWC', 1, undefined, bias, 'relu')";
    expectClose(await numbers(legacy, { x, filter, bias }), [...expected.dataSync()]);
  });
});

describe('moved functions', () => {
  it('frame and window like tf.signal', async () => {
    expectClose(await numbers('tf.frame(tf.tensor1d([1, 2, 3]), 2, 1)'), [1, 2, 2, 3]);
    expectClose(await numbers('tf.hannWindow(4)'), [0, 0.5, 1, 0.5]);
    expectClose(await numbers('tf.hammingWindow(2)'), [0.08, 1]);
  });

  it('reduce the loss as before', async () => {
    const loss =
      'tf.losses.absoluteDifference(tf.tensor1d([1, 2]), tf.tensor1d([3, 5]), undefined, tf.losses.Reduction.SUM)';
    expectClose(await numbers(loss), [5]);
  });

  it('reach the engine and the environment', async () => {
    expect(await evaluated('tf.ENV.engine')).toBe(tf.engine());
    expect(await evaluated('tf.ENV.backend')).toBe(tf.backend());
    expect(await evaluated('tf.ENV')).toBe(tf.env());
    expect(await evaluated('tf.Environment.getBackend()')).toBe('cpu');
    expectClose(await numbers('tf.Environment.tidy(() => tf.Environment.keep(tf.scalar(3)))'), [3]);
  });
});

describe('loading and saving', () => {
  it('loads artifacts from memory without a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const handler = (await evaluated('tf.io.fromMemory(topology, specs, data)', {
      topology: { a: 1 },
      specs: [],
      data: new ArrayBuffer(4),
    })) as tf.io.IOHandler;
    const artifacts = await defined(handler.load).call(handler);
    expect(artifacts.modelTopology).toEqual({ a: 1 });
    expect(artifacts.weightSpecs).toEqual([]);
    expect((artifacts.weightData as ArrayBuffer).byteLength).toBe(4);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('joins buffers', async () => {
    const joined = await evaluated('tf.io.concatenateArrayBuffers([a, b])', {
      a: new Uint8Array([1]).buffer,
      b: new Uint8Array([2]).buffer,
    });
    expect([...new Uint8Array(joined as ArrayBuffer)]).toEqual([1, 2]);
  });

  it('loads a model strictly if the old flag says so', async () => {
    const source = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    let saved: tf.io.ModelArtifacts | undefined;
    await source.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
      }),
    );
    // A weight that no layer has: an error when strict, ignored when not.
    const extra = { name: 'unknown/kernel', shape: [1], dtype: 'float32' as const };
    const { weightData, weightSpecs = [], ...rest } = defined(saved);
    const data = new Uint8Array([...new Uint8Array(weightData as ArrayBuffer), 0, 0, 0, 0]).buffer;
    const artifacts = { ...rest, weightSpecs: [...weightSpecs, extra], weightData: data };
    const handler = { load: () => Promise.resolve(artifacts) };
    await expect(evaluated('tf.loadModel(handler, true)', { handler })).rejects.toThrow(
      /unknown\/kernel|no target variable/i,
    );
    await expect(evaluated('tf.loadModel(handler, false)', { handler })).resolves.toBeInstanceOf(tf.LayersModel);
  });
});

describe('factories of deeplearn', () => {
  it('create tensors with the same values and shapes', async () => {
    const code = "import { Array2D, Scalar } from 'deeplearn';\nvalue([Array2D.new([2, 1], [5, 6]), Scalar.new(3)]);\n";
    const { output = '' } = await migrateText('code.js', code, { only: ['tfjs-legacy'] });
    expect(output).toContain("from '@tensorflow/tfjs-core'");
    const body = output.slice(output.indexOf('\n') + 1).replace('value(', 'return (');
    const [matrix, scalar] = run(body, { tensor2d: tf.tensor2d, scalar: tf.scalar }) as [tf.Tensor, tf.Tensor];
    expect(matrix.shape).toEqual([2, 1]);
    expect([...matrix.dataSync()]).toEqual([5, 6]);
    expect([...scalar.dataSync()]).toEqual([3]);
  });
});
