/** Checks that no function which receives the multi-GPU model wraps it a second time. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { Lifecycle } from '../model/lifecycle.js';

import { mentionsOf } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains } from '../../syntax/node.js';
import { isLegacyFunction } from '../find/legacy-api.js';
import { definedWrappers } from '../find/wrappers.js';

/** Refuses when another function passes one of the names to `multi_gpu_model`. */
export function checkNotWrappedAgain({ module, body: own, names }: Lifecycle): Refusal | undefined {
  const wrappers = definedWrappers(module);
  for (const { variable, body } of names) {
    if (body === own || wrappers.some(({ definition }) => contains(definition, body))) continue;
    for (const mention of mentionsOf(module, variable, body)) {
      const call = closest(mention, (node) => node.type === 'call');
      const isInBody = call !== undefined && closest(call, (node) => node === body) !== undefined;
      const callee = isInBody ? childByField(call, 'function') : undefined;
      if (callee !== undefined && module.origins.of(callee).some(isLegacyFunction))
        return refusalAt(module, REFUSALS.wrappedAgain(variable.text), mention);
    }
  }
  return undefined;
}
