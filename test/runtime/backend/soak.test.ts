/** Runs `npm run soak` for a short time. Needs dist/. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('a short soak', () => {
  it('keeps memory and handles flat', { timeout: 180_000 }, () => {
    const script = fileURLToPath(new URL('../../../scripts/soak/soak.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', script, '--minutes', '0.3'], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(stdout).toContain('  flat');
    expect(status).toBe(0);
  });
});
