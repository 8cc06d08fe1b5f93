/**
 * A worker in Node and one that runs Python's `MultiWorkerMirroredStrategy` share collectives. Real processes talk over
 * the loopback interface.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { hasPackage, PYTHON } from '../../verify/python.js';
import { TENSORFLOW_FILES } from '../tensorflow/describe-with-tensorflow.js';

import { startWorkers, type WorkersOptions } from './support/start-workers.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLE = join(ROOT, 'docs/examples/beside-python');
const HAS_PYTHON = TENSORFLOW_FILES !== undefined && hasPackage('tensorflow');
const python3 = PYTHON ?? 'python3';

const ROLES = [
  { chief: 'Node', python: 1 },
  { chief: 'Python', python: 0 },
];

/** Runs two processes to their ends. */
async function run(options: Omit<WorkersOptions, 'workers'>): Promise<{ outputs: string[]; results: unknown[] }> {
  const workers = await startWorkers({ ...options, workers: 2 });
  const timer = setTimeout(() => {
    for (const { child } of workers.all) child.kill('SIGKILL');
  }, 100_000);
  try {
    const ends = await Promise.all(workers.all.map(({ ended }) => ended));
    const outputs = workers.all.map(({ output }) => output());
    expect({ ends, outputs }).toMatchObject({ ends: [{ code: 0 }, { code: 0 }] });
    return { outputs, results: workers.all.map(({ result }) => result()) };
  } finally {
    clearTimeout(timer);
    await workers.stop();
  }
}

/** The example's training with all rows on one device. */
async function trainAlone(): Promise<number[]> {
  await tf.setBackend('cpu');
  const x = tf.tidy(() => tf.sin(tf.range(0, 24 * 4)).reshape<tf.Tensor2D>([24, 4]));
  const y = tf.sum(x, 1, true);
  const loss = (weights: tf.Tensor): tf.Scalar => {
    const hidden = tf.tanh(tf.matMul(x, weights.slice([0], [32]).reshape<tf.Tensor2D>([4, 8])));
    const output = tf.matMul(hidden, weights.slice([32], [8]).reshape([8, 1]));
    return tf.mean<tf.Scalar>(tf.squaredDifference(output, y));
  };
  let weights: tf.Tensor = tf.tensor1d(Array.from({ length: 40 }, (_, index) => Math.cos(index) / 2));
  for (let step = 0; step < 10; step++) weights = tf.sub(weights, tf.mul(tf.grad(loss)(weights), 0.1));
  return Array.from(weights.dataSync());
}

/** The list of numbers that a program printed last. */
function printedWeights(output: string): number[] {
  const line = output.split('\n').findLast((each) => each.startsWith('[')) ?? '';
  return JSON.parse(line) as number[];
}

function largestDifference(one: readonly number[], other: readonly number[]): number {
  expect(one).toHaveLength(other.length);
  return Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))));
}

describe.runIf(HAS_PYTHON)('a worker in Node beside one in Python', () => {
  test.each(ROLES)('trains like one process, with $chief as the chief', { timeout: 120_000 }, async ({ python }) => {
    const { outputs } = await run({
      program: 'beside-python',
      command: (worker) =>
        worker === python ? [python3, join(EXAMPLE, 'train.py')] : [process.execPath, join(EXAMPLE, 'train.js')],
    });
    const [one = [], other = []] = outputs.map(printedWeights);
    const expected = await trainAlone();
    expect(one).toEqual(other);
    expect(largestDifference(one, expected)).toBeLessThan(1e-5);
    const initial = expected.map((_, index) => Math.cos(index) / 2);
    expect(largestDifference(initial, expected)).toBeGreaterThan(0.05);
  });

  test.each(ROLES)('sums large values, with $chief as the chief', { timeout: 120_000 }, async ({ python }) => {
    const { results } = await run({
      program: 'beside-python',
      command: (worker) =>
        worker === python ? [python3, join(ROOT, 'test/runtime/cluster/programs/beside-python.py')] : undefined,
    });
    const [inPython, inNode] = (python === 0 ? results : results.toReversed()) as {
      results: number[][];
      code?: string;
    }[];
    expect(inNode?.results).toEqual(inPython?.results);
    const expected = [0, 3e-3, 8999.994, 8999.997, 0, 1.5e-3, 3e-3, 4.5e-3, 6e-3];
    for (const result of inNode?.results ?? []) expect(largestDifference(result, expected)).toBeLessThan(2e-3);
    expect(inNode?.code).toBe('STRATEGY_MISUSE');
  });
});
