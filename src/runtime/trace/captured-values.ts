/** Finds the current values of what a program captures. Reads tfjs variables. */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { Capture } from './record-program.js';

import { heldTensors } from '../tfjs/optimizer-members.js';

import { tensorHandleOf } from './tensor-handles.js';

/**
 * Finds the value of a capture.
 *
 * @param backend - Holds it.
 * @param capture - Where it comes from.
 * @returns Its handle, which stays the owner's.
 */
export function currentHandle(backend: MirrorscopeBackend, capture: Capture): TensorHandle {
  switch (capture.kind) {
    case 'constant':
      return capture.handle;
    case 'variable':
      return tensorHandleOf(backend, capture.variable);
    case 'held': {
      const tensor = heldTensors(capture.optimizer).get(capture.member);
      if (tensor === undefined) throw new TypeError(`the optimizer no longer holds a tensor in ${capture.member}`);
      return tensorHandleOf(backend, tensor);
    }
  }
}
