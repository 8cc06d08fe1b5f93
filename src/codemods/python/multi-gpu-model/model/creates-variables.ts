/** Decides whether code creates layers, optimizers or metrics, whose variables belong to one scope. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';

import { callsIn } from '../../analysis/calls.js';
import { pathInKeras } from '../find/legacy-api.js';

/** Members of Keras that create variables, now or when they are called. */
const WITH_VARIABLES = /^(layers|models|engine|applications|optimizers|metrics|mixed_precision|Model|Sequential)\b/;

/** `Input` and schedules create none, and the functions in `metrics` return numbers. */
const WITHOUT_VARIABLES = /(^|\.)Input$|\.schedules\.|^metrics\.[a-z_]+$/;

/** Whether a callee is a learning-rate schedule of Keras, which has no variables. */
export function isSchedule(module: PythonModule, callee: PyNode): boolean {
  return module.origins.of(callee).some((origin) => pathInKeras(origin)?.includes('.schedules.') === true);
}

/** Whether a call inside a node creates such an object. */
export function createsVariables(module: PythonModule, within: PyNode): boolean {
  return callsIn(within).some(({ callee }) =>
    module.origins.of(callee).some((origin) => {
      const member = pathInKeras(origin);
      return member !== undefined && WITH_VARIABLES.test(member) && !WITHOUT_VARIABLES.test(member);
    }),
  );
}
