/** Sets up the engine under test (the logical one on the plain CPU backend), without the words that either says once. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, vi } from 'vitest';

import { MirroredStrategy } from '../../../src/runtime/index.js';

/**
 * Call at the top of a test file. `npm run test:engines` holds the other engine to the same tests.
 */
export function useCpuBackend(): void {
  process.env['MIRRORSCOPE_ENGINE'] = process.env['MIRRORSCOPE_TEST_ENGINE'] ?? 'logical';
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  // Before any tensor: TensorFlow's logical devices are fixed when it starts.
  if (process.env['MIRRORSCOPE_ENGINE'] !== 'logical') new MirroredStrategy({ devices: 5 });
  beforeAll(async () => {
    if (process.env['MIRRORSCOPE_ENGINE'] !== 'logical') return;
    await tf.setBackend('cpu');
    tf.zeros([1]).dispose();
  });
}
