/** Processes that share files, or make their own rows, train as one process on the batches that they make together. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { rounded } from './support/rounded.js';
import { runWorkers } from './support/start-workers.js';

const FULL = process.env['MIRRORSCOPE_FULL_CLUSTER'] === '1';
const CLUSTERS = [
  { workers: 2, devices: 1 },
  ...(FULL
    ? [
        { workers: 2, devices: 2 },
        { workers: 3, devices: 1 },
      ]
    : []),
];
/** The rows of each file. They do not divide evenly between the workers. */
const ROWS = [7, 12, 3, 5, 4];

describeWithTensorFlow('input that several processes share', () => {
  let folder = '';
  let files: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'files-'));
    files = ROWS.map((count, index) => {
      const file = join(folder, `${String(index)}.json`);
      const rows = Array.from({ length: count }, (_, row) => [index / 5, row / 10, ((3 * row + index) % 7) / 7]);
      writeFileSync(file, JSON.stringify(rows));
      return file;
    });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(CLUSTERS)('$workers processes with $devices devices each', ({ workers, devices }) => {
    test('has the results of one process', { timeout: 180_000 }, async () => {
      const run = (environment: Record<string, string>, count: number): Promise<unknown[]> =>
        runWorkers({
          program: 'sharded-input',
          workers: count,
          timeoutMs: 80_000,
          environment: () => ({ WORKERS: String(workers), FILES: JSON.stringify(files), ...environment }),
        });
      const [expected] = await run({ ALONE: String(workers * devices) }, 1);
      const results = await run({ DEVICES: String(devices) }, workers);
      for (const result of results) expect(rounded(result)).toEqual(rounded(expected));
    });
  });
});
