/** Says which names a star import of a Keras module binds. Data only. */
import type { OriginContext } from '../../analysis/origin.js';

import { isLegacyModule, pathInKeras } from './legacy-api.js';

export const originContext: OriginContext = {
  starMember: (module, name) => {
    const isExported =
      name === 'multi_gpu_model'
        ? isLegacyModule(module)
        : /^[A-Z]\w{2,}$/.test(name) && /^(layers|models)\b/.test(pathInKeras(module) ?? '');
    return isExported ? `${module}.${name}` : undefined;
  },
};
