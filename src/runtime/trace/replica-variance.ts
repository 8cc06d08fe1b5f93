/** Tells which values of a recorded step may differ between replicas. Pure. */
import type { Handle } from '../tensorflow/op-executor.js';

import { flatInputs, type RecordedOperation } from './program.js';

/**
 * The values that depend on what differs between replicas.
 * @param sources - What each replica has of its own: its data, its random counter.
 * @param agreed - Values that replicas got alike, from a collective.
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
