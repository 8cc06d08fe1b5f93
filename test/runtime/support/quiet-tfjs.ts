/** Sets up the logical engine on the plain CPU backend, without the words that either says once. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, vi } from 'vitest';

/**
 * Call at the top of a test file. `MIRRORSCOPE_ENGINE=tensorflow npx vitest run test/runtime/layers` holds the other engine
 * to the same tests.
 */
export function useCpuBackend(): void {
  process.env['MIRRORSCOPE_ENGINE'] ??= 'logical';
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  beforeAll(async () => {
    if (process.env['MIRRORSCOPE_ENGINE'] !== 'logical') return;
    await tf.setBackend('cpu');
    tf.zeros([1]).dispose();
  });
}
