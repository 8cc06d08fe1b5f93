/** The short form of `npm run soak:signals`: a signal at every thread while TensorFlow computes. Needs dist/. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';

const canRun = process.platform === 'linux' && locateTensorFlow().files !== undefined;

describe.skipIf(!canRun)('a flood of signals', () => {
  it('reaches no thread of TensorFlow, and training computes the same', { timeout: 180_000 }, () => {
    const program = fileURLToPath(new URL('../../../scripts/soak/train-under-signals.js', import.meta.url));
    for (let run = 0; run < 3; run++) {
      const { status, signal, stdout } = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 60_000 });
      expect({ status, signal }).toEqual({ status: 0, signal: null });
      const { signals, unblocked } = JSON.parse(stdout) as { signals: number; unblocked: string[] };
      expect(signals).toBeGreaterThan(100);
      expect(unblocked).toEqual([]);
    }
  });
});
