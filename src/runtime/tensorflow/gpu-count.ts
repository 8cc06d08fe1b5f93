/**
 * How many GPUs TensorFlow would see, asked before it starts: the CUDA driver counts them (it honours
 * CUDA_VISIBLE_DEVICES), and a wheel says whether it was built for CUDA. May touch: koffi and the file system.
 */
import type { LibraryFiles } from './library-files.js';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadKoffi } from './load-koffi.js';

/** False only where the wheel itself says that it was built without CUDA. */
function isBuiltForCuda(files: LibraryFiles): boolean {
  try {
    const text = readFileSync(join(files.origin, 'python', 'platform', 'build_info.py'), 'utf8');
    return !/is_cuda_build['"]?\s*[:=]\s*False/.test(text);
  } catch {
    return true;
  }
}

/** The number of GPUs that the CUDA driver offers; 0 without a driver. */
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
