/** The handles of eager tensors, which know the copies on other devices. Pure. */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { Tensor } from '@tensorflow/tfjs';

import { TensorHandle } from '../tensorflow/tensor-handle.js';

/**
 * Narrows a handle.
 *
 * @param handle - A value that an eager executor made.
 * @returns The same handle.
 * @throws {TypeError} for a handle that only names a value of a program.
 */
export function asTensorHandle(handle: Handle): TensorHandle {
  if (handle instanceof TensorHandle) return handle;
  throw new TypeError('The value exists only inside a program.');
}

/**
 * Finds the handle of a tensor.
 *
 * @param backend - The backend that holds the tensor.
 * @param tensor - A tensor or variable.
 * @returns Its handle, which stays the backend's.
 */
export function tensorHandleOf(backend: MirrorscopeBackend, tensor: Tensor): TensorHandle {
  return asTensorHandle(backend.handleOf(tensor));
}
