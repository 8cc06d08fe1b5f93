/** Every kernel of the backend except `Identity`, by tfjs's kernel names. Pure. */
import type { KernelTable } from '../kernel.js';

import { ARRAY_KERNELS } from './array-kernels.js';
import { CONVOLUTION_KERNELS } from './convolution-kernels.js';
import { DEPTHWISE_KERNELS } from './depthwise-kernels.js';
import { IMAGE_KERNELS } from './image-kernels.js';
import { MATH_KERNELS } from './math-kernels.js';
import { NN_KERNELS } from './nn-kernels.js';
import { POOL_KERNELS } from './pool-kernels.js';
import { REDUCTION_KERNELS } from './reduction-kernels.js';
import { RANDOM_KERNELS, SIGNAL_KERNELS } from './signal-random-kernels.js';
import { SPARSE_KERNELS, STRING_KERNELS } from './sparse-string-kernels.js';

export const KERNEL_CATALOGUE: KernelTable = {
  ...MATH_KERNELS,
  ...REDUCTION_KERNELS,
  ...ARRAY_KERNELS,
  ...CONVOLUTION_KERNELS,
  ...DEPTHWISE_KERNELS,
  ...POOL_KERNELS,
  ...NN_KERNELS,
  ...IMAGE_KERNELS,
  ...SIGNAL_KERNELS,
  ...RANDOM_KERNELS,
  ...SPARSE_KERNELS,
  ...STRING_KERNELS,
};
