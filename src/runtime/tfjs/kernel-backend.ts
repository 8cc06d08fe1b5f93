/**
 * Our backend as TensorFlow.js's own type. Pure.
 * Relies on tfjs-core 4.22, backends/backend.ts: `KernelBackend` declares `readToGPU` and `createTensorFromGPUData`,
 * which are called for GPU backends of a browser alone.
 */
import type { KernelBackend } from '@tensorflow/tfjs';

/** What a backend outside the browser implements. */
export type NativeBackend = Omit<KernelBackend, 'readToGPU' | 'createTensorFromGPUData'>;

/**
 * Types a backend as TensorFlow.js wants it.
 *
 * @param backend - The backend.
 * @returns The same object.
 */
export function asKernelBackend(backend: NativeBackend): KernelBackend {
  return backend as unknown as KernelBackend;
}
