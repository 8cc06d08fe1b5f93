/** Silences what TensorFlow.js and the logical engine say once, so that test output shows failures only. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, vi } from 'vitest';

/** Call at the top of a test file. */
export function useCpuBackend(): void {
  beforeAll(async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await tf.setBackend('cpu');
    tf.zeros([1]).dispose();
  });
}
