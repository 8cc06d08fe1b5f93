/**
 * Sets up the engine under test, by default the logical one on the plain CPU backend, and hides their console messages.
 */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, vi } from 'vitest';

import { MirroredStrategy } from '../../../src/runtime/index.js';

/**
 * Call it at the top of a test file. `npm run test:engines` runs the same tests on the other engine.
 */
export function useCpuBackend(): void {
  process.env['MIRRORSCOPE_ENGINE'] = process.env['MIRRORSCOPE_TEST_ENGINE'] ?? 'logical';
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  // Before the first tensor, because TensorFlow's logical devices are fixed when it starts.
  if (process.env['MIRRORSCOPE_ENGINE'] !== 'logical') new MirroredStrategy({ devices: 5 });
  beforeAll(async () => {
    if (process.env['MIRRORSCOPE_ENGINE'] !== 'logical') return;
    await tf.setBackend('cpu');
    tf.zeros([1]).dispose();
  });
}
