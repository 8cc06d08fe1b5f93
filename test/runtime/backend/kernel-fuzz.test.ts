/** The short form of `npm run fuzz:kernels`. Needs dist/. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('kernels that are called wrongly', () => {
  it('throw typed errors, and end no process', { timeout: 180_000 }, () => {
    const script = fileURLToPath(new URL('../../../scripts/fuzz-kernels/fuzz-kernels.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [script, '--calls', '12', '--seed', '17'], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(stdout).toMatch(/untyped: 0\n {2}signal: 0\n {2}hang: 0\n/);
    expect(status).toBe(0);
  });
});
