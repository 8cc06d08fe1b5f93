/** The benchmarks of training in several processes run, and print a figure for each side. Needs dist/. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { describeWithTensorFlow } from '../runtime/tensorflow/describe-with-tensorflow.js';
import { hasPackage, PYTHON } from '../verify/python.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HAS_PYTHON = hasPackage('tensorflow') && hasPackage('tf_keras');

/** Runs a benchmark. @returns The cells of its last row. */
async function lastRow(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['bench/index.js', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', ...(PYTHON !== undefined && { MIRRORSCOPE_PYTHON: PYTHON }) },
    timeout: 150_000,
  });
  const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
  return (rows.at(-1) ?? '').split('|').map((cell) => cell.trim());
}

const numbersIn = (cells: readonly string[]): number[] => cells.filter((cell) => /^[\d.]+$/.test(cell)).map(Number);

describeWithTensorFlow('benchmarks over two processes', () => {
  test.runIf(HAS_PYTHON)('train', { timeout: 160_000 }, async () => {
    const row = await lastRow('cluster', '--models', 'mlp', '--batches', '8', '--rounds', '1', '--steps', '2');
    expect(row[1]).toBe('mlp');
    const numbers = numbersIn(row);
    expect(numbers).toHaveLength(6);
    expect(Math.min(...numbers)).toBeGreaterThan(0);
  });

  test.runIf(HAS_PYTHON)('sum tensors', { timeout: 160_000 }, async () => {
    const numbers = numbersIn(await lastRow('collectives', '--sizes', '0.001', '--rounds', '1'));
    expect(numbers).toHaveLength(6);
    expect(Math.min(...numbers)).toBeGreaterThan(0);
  });
});
