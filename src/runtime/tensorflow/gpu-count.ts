/** Counts the GPUs that TensorFlow will see, before it starts. Reads files. Calls koffi. */
import type { LibraryFiles } from './library-files.js';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadKoffi } from './load-koffi.js';

/** Returns false only when the wheel states that it was built without CUDA. */
function isBuiltForCuda(files: LibraryFiles): boolean {
  try {
    const text = readFileSync(join(files.origin, 'python', 'platform', 'build_info.py'), 'utf8');
    return !/is_cuda_build['"]?\s*[:=]\s*False/.test(text);
  } catch {
    return true;
  }
}

/**
 * Asks the CUDA driver for the number of GPUs. The driver respects CUDA_VISIBLE_DEVICES.
 *
 * @param files - TensorFlow's library.
 * @returns The number of GPUs; 0 without a driver or with a library without CUDA.
 */
export function countGpus(files: LibraryFiles): number {
  if (process.platform !== 'linux' || !isBuiltForCuda(files)) return 0;
  try {
    const driver = loadKoffi().load('libcuda.so.1', { lazy: true });
    const count = new Int32Array(1);
    if (driver.func('int cuInit(unsigned int)')(0) !== 0) return 0;
    return driver.func('cuDeviceGetCount', 'int', ['void*'])(count) === 0 ? (count[0] as number) : 0;
  } catch {
    return 0;
  }
}
