/**
 * Decides whether a callback class of another file works with the one model: most of them only save the original model
 * that they are handed. Pure.
 */
import type { Refusal } from '../../../refusal.js';

import { REFUSALS } from '../../refusal-messages-table.js';

import { isGuarded, readsInnerLayers } from './template-in-callbacks.js';

/** `super().__init__(filepath, monitor, verbose, save_best_only, save_weights_only, mode, period)`. */
const PERIOD_BY_POSITION = /\b__init__\s*\((?:[^(),=]+,){6,7}\s*period\s*[,)]/;

/**
 * Checks the classes that a callee may be.
 *
 * @param callee - The callee as written.
 * @param definitions - The source texts of the classes; none when they are not in view.
 * @returns A refusal when one of them needs the multi-GPU model, and undefined when all of them do without it.
 */
export function checkProjectCallback(callee: string, definitions: readonly string[]): Refusal | undefined {
  if (definitions.length === 0) return REFUSALS.callbackExpectsWrapper(callee);
  for (const text of definitions) {
    if (readsInnerLayers(text) && !isGuarded(text)) return REFUSALS.callbackReadsOriginal(callee);
    if (PERIOD_BY_POSITION.test(text)) return REFUSALS.callbackPassesPeriod(callee);
  }
  return undefined;
}
