/** How each op of TensorFlow is written in StableHLO. To lower another one, add it to the table of its family. */
import type { Lowering } from './lowering.js';

import { ARRAY_LOWERINGS } from './array-lowerings.js';
import { COLLECTIVE_LOWERINGS } from './collective-lowerings.js';
import { CONVOLUTION_LOWERINGS } from './convolution-lowerings.js';
import { ELEMENT_WISE_LOWERINGS } from './element-wise-lowerings.js';
import { INDEX_LOWERINGS } from './index-lowerings.js';
import { MATRIX_LOWERINGS } from './matrix-lowerings.js';
import { NORMALIZATION_LOWERINGS } from './normalization-lowerings.js';
import { POOL_LOWERINGS } from './pool-lowerings.js';
import { RANDOM_LOWERINGS } from './random-lowerings.js';
import { REDUCTION_LOWERINGS } from './reduction-lowerings.js';
import { RESIZE_LOWERINGS } from './resize-lowerings.js';

export const LOWERINGS: ReadonlyMap<string, Lowering> = new Map(
  Object.entries({
    ...ARRAY_LOWERINGS,
    ...COLLECTIVE_LOWERINGS,
    ...CONVOLUTION_LOWERINGS,
    ...ELEMENT_WISE_LOWERINGS,
    ...INDEX_LOWERINGS,
    ...MATRIX_LOWERINGS,
    ...NORMALIZATION_LOWERINGS,
    ...POOL_LOWERINGS,
    ...RANDOM_LOWERINGS,
    ...REDUCTION_LOWERINGS,
    ...RESIZE_LOWERINGS,
  }),
);
