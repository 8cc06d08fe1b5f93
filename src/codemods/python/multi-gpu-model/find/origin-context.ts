/** Says which names a star import of a Keras module binds. Pure. */
import type { OriginContext } from '../../analysis/origin.js';
import type { PythonSource } from '../../syntax/source.js';

import { PythonModule } from '../../analysis/module.js';
import { TENSORFLOW_KERAS_MEMBERS } from '../../keras-imports/tensorflow-members-table.js';

import { isLegacyModule, pathInKeras } from './legacy-api.js';

const originContext: OriginContext = {
  starMember: (module, name) => {
    const below = pathInKeras(module) ?? '';
    const isExported =
      name === 'multi_gpu_model'
        ? isLegacyModule(module)
        : TENSORFLOW_KERAS_MEMBERS.get(below)?.has(name) === true ||
          (/^[A-Z]\w{2,}$/.test(name) && /^(layers|models)\b/.test(below) && !isOfOtherModule(below, name));
    return isExported ? `${module}.${name}` : undefined;
  },
};

/** Whether only another module of Keras has a name: several star imports may bind it. */
function isOfOtherModule(below: string, name: string): boolean {
  return (
    TENSORFLOW_KERAS_MEMBERS.get(below)?.has(name) !== true &&
    ['optimizers', 'callbacks', 'metrics', 'losses', 'layers', 'models'].some((other) =>
      TENSORFLOW_KERAS_MEMBERS.get(other)?.has(name),
    )
  );
}

/** The module of a source, which knows the names of Keras that star imports bind. All migrations share it. */
export function analyzedModule(source: PythonSource): PythonModule {
  return source.derived(analyze);
}

function analyze(source: PythonSource): PythonModule {
  return new PythonModule(source, originContext);
}
