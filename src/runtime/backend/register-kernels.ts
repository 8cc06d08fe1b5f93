/** Tells tfjs about the backend's kernels. Touches tfjs's kernel registry, once per registry. */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { KernelInputs } from './kernel.js';

import { KERNEL_CATALOGUE } from './kernels/kernel-catalogue.js';
import { BACKEND_NAME, type MirrorscopeBackend } from './mirrorscope-backend.js';

/** The same tensor again: no op, one more reference. */
function registerIdentity(tfjs: TensorFlowJs): void {
  tfjs.registerKernel({
    kernelName: 'Identity',
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, backend }) => {
      const x = (inputs as unknown as KernelInputs)['x'];
      if (!x) throw new TypeError('identity of nothing');
      (backend as MirrorscopeBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}

/** Registers every kernel that is not registered yet. */
export function registerKernels(tfjs: TensorFlowJs): void {
  if (tfjs.getKernel('Identity', BACKEND_NAME)) return;
  registerIdentity(tfjs);
  for (const [kernelName, kernel] of Object.entries(KERNEL_CATALOGUE)) {
    tfjs.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, backend, attrs }) =>
        (backend as MirrorscopeBackend).runKernel(kernel, inputs as unknown as KernelInputs, attrs ?? {}),
    });
  }
}
