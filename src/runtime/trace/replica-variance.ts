/** Finds the values of a recorded step that may differ between replicas. Pure. */
import type { Handle } from '../tensorflow/op-executor.js';

import { flatInputs, type RecordedOperation } from './program.js';

/**
 * Follows what differs between replicas through a recording.
 *
 * @param operations - The ops so far, in order.
 * @param sources - Values that each replica has of its own: its data, its random counter.
 * @param agreed - Results of collectives, which are the same on every replica.
 * @returns The sources and every value that depends on one.
 */
export function varyingHandles(
  operations: readonly RecordedOperation[],
  sources: Iterable<Handle>,
  agreed: ReadonlySet<Handle>,
): Set<Handle> {
  const varying = new Set<Handle>(sources);
  for (const { inputs, outputs } of operations) {
    if (!flatInputs(inputs).some((handle) => varying.has(handle))) continue;
    for (const output of outputs) if (!agreed.has(output)) varying.add(output);
  }
  return varying;
}
