/** Finds the values of a recorded step that may differ between replicas. Pure. */
import type { Handle } from '../tensorflow/op-executor.js';

import { flatInputs, type RecordedOperation } from './program.js';

/** Where values that differ between replicas come from. */
export interface VarianceSources {
  /** Values that each replica has of its own: its data, its random counter. */
  readonly sources: Iterable<Handle>;
  /** Results of collectives, which are the same on every replica. */
  readonly agreed: ReadonlySet<Handle>;
  /** Whether numbers that code made on the host may differ. */
  readonly withHostValues: boolean;
}

/** Tells whether code made a value of numbers on the host. */
export function isHostValue(handle: Handle): boolean {
  return handle.constantValue !== undefined;
}

/**
 * Follows what differs between replicas through a recording.
 *
 * @param operations - The ops so far, in order.
 * @param from - Where such values come from.
 * @returns The sources and every value that depends on one.
 */
export function varyingHandles(
  operations: readonly RecordedOperation[],
  { sources, agreed, withHostValues }: VarianceSources,
): Set<Handle> {
  const varying = new Set<Handle>(sources);
  const varies = (handle: Handle): boolean => varying.has(handle) || (withHostValues && isHostValue(handle));
  for (const { inputs, outputs } of operations) {
    if (!flatInputs(inputs).some(varies)) continue;
    for (const output of outputs) if (!agreed.has(output)) varying.add(output);
  }
  return varying;
}
