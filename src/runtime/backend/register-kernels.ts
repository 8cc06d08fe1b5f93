/** Registers the backend's kernels with tfjs. Changes tfjs's kernel registry. */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';

import { input } from './kernel.js';
import { inputCheckOf, kernelError } from './kernel-gate.js';
import { KERNEL_CATALOGUE } from './kernels/kernel-catalogue.js';
import { asMirrorscopeBackend, BACKEND_NAME } from './mirrorscope-backend.js';

/** Registers `Identity`, which runs no op: its result is the same tensor with one more reference. */
function registerIdentity(tfjs: TensorFlowJs): void {
  const check = inputCheckOf('Identity');
  tfjs.registerKernel({
    kernelName: 'Identity',
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, backend }) => {
      check(inputs);
      const x = input(inputs, 'x');
      asMirrorscopeBackend(backend).shareData(x);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}

/**
 * Registers every kernel. Does nothing when they are already registered.
 *
 * @param tfjs - The TensorFlow.js to register them with.
 */
export function registerKernels(tfjs: TensorFlowJs): void {
  if (tfjs.getKernelsForBackend(BACKEND_NAME).length > 0) return;
  registerIdentity(tfjs);
  for (const [kernelName, kernel] of Object.entries(KERNEL_CATALOGUE)) {
    const check = inputCheckOf(kernelName);
    tfjs.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, backend, attrs }) => {
        check(inputs);
        try {
          return asMirrorscopeBackend(backend).runKernel(kernel, inputs, attrs ?? {});
        } catch (error) {
          throw kernelError(kernelName, error);
        }
      },
    });
  }
}
