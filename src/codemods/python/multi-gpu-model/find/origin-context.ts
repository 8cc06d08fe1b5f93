/** What star imports of Keras' own modules bring. */
import type { OriginContext } from '../../analysis/origin.js';

import { isLegacyModule, keras } from './legacy-api.js';

export const originContext: OriginContext = {
  starMember: (module, name) => {
    const brings =
      name === 'multi_gpu_model'
        ? isLegacyModule(module)
        : /^[A-Z]\w{2,}$/.test(name) && /^(layers|models)\b/.test(keras(module) ?? '');
    return brings ? `${module}.${name}` : undefined;
  },
};
