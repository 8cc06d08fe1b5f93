/** What `from keras.utils import *` brings. */
import type { OriginContext } from '../analysis/origin.js';
import { isLegacyModule } from './legacy-api.js';

export const originContext: OriginContext = {
  starMember: (module, name) => (name === 'multi_gpu_model' && isLegacyModule(module) ? `${module}.${name}` : undefined),
};
