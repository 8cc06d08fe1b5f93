/** Says which names a star import of a Keras module binds. Pure. */
import type { OriginContext } from '../../analysis/origin.js';
import type { PythonSource } from '../../syntax/source.js';

import { PythonModule } from '../../analysis/module.js';

import { isLegacyModule, pathInKeras } from './legacy-api.js';

const originContext: OriginContext = {
  starMember: (module, name) => {
    const isExported =
      name === 'multi_gpu_model'
        ? isLegacyModule(module)
        : /^[A-Z]\w{2,}$/.test(name) && /^(layers|models)\b/.test(pathInKeras(module) ?? '');
    return isExported ? `${module}.${name}` : undefined;
  },
};

/** The module of a source, which knows the names of Keras that star imports bind. All migrations share it. */
export function analyzedModule(source: PythonSource): PythonModule {
  return source.derived(analyze);
}

function analyze(source: PythonSource): PythonModule {
  return new PythonModule(source, originContext);
}
