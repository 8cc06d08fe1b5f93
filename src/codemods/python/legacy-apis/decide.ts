/**
 * Decides what happens to a use: its fix class says whether to rewrite it, the fixer whether it can be done here. Pure.
 */
import type { PythonModule } from '../analysis/module.js';
import type { FixResult, LegacyUse } from './legacy-use.js';

import { applyFix } from './fixers/apply-fix.js';

/** `undefined` means that the use is only reported. */
export function decide(module: PythonModule, { entry, node }: LegacyUse): FixResult | undefined {
  const { fix, fixClass } = entry;
  if (fixClass === 'report' || fix === undefined) return undefined;
  return applyFix(module, node, fix);
}
