/** Custom loops and the methods of a strategy give the same in several processes as with all replicas in one. */
import { describe, expect, test } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { rounded } from './support/rounded.js';
import { runWorkers } from './support/start-workers.js';

const FULL = process.env['MIRRORSCOPE_FULL_CLUSTER'] === '1';
const CLUSTERS = [
  { workers: 2, devices: 1 },
  { workers: 2, devices: 2 },
  ...(FULL ? [{ workers: 3, devices: 1 }] : []),
];

describeWithTensorFlow('a custom loop in several processes', () => {
  describe.each(CLUSTERS)('$workers processes with $devices devices each', ({ workers, devices }) => {
    test('has the results of one process', { timeout: 180_000 }, async () => {
      const run = (environment: Record<string, string>, count: number): Promise<unknown[]> =>
        runWorkers({ program: 'custom-loop', workers: count, timeoutMs: 80_000, environment: () => environment });
      const [expected] = await run({ ALONE: String(workers * devices) }, 1);
      const results = await run({ DEVICES: String(devices) }, workers);
      for (const result of results) expect(rounded(result)).toEqual(rounded(expected));
    });
  });
});
