/** The short form of `npm run soak:cluster`. Needs dist/. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { ROOT } from './support/start-workers.js';

describeWithTensorFlow('a job whose workers are killed at random', () => {
  test('ends with the weights of an undisturbed run', { timeout: 300_000 }, () => {
    const words = ['--seconds', '6', '--kill-every', '3', '--workers', '2'];
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'scripts/soak/cluster-soak.js'), ...words], {
      encoding: 'utf8',
      timeout: 290_000,
    });
    expect(stdout).toContain('equal to the bit; 0 processes left');
    expect(stdout).toContain('  flat');
    expect(status, stdout).toBe(0);
  });
});
