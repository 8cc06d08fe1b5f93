/** Removes operations with unused results. Pure. */
import type { Handle } from '../../tensorflow/op-executor.js';

import { flatInputs, type Program, type RecordedOperation } from '../program.js';
import { SIDE_EFFECT_OPS } from '../side-effects-table.js';

/**
 * Removes dead operations.
 *
 * @param program - Any program.
 * @returns The program without the ops and constants that no result and no side effect needs.
 */
export function pruneDeadOperations(program: Program): Program {
  const needed = new Set<Handle>(program.results);
  const kept: RecordedOperation[] = [];
  for (const operation of program.operations.toReversed()) {
    if (!SIDE_EFFECT_OPS.has(operation.op) && !operation.outputs.some((output) => needed.has(output))) continue;
    kept.push(operation);
    for (const handle of flatInputs(operation.inputs)) needed.add(handle);
  }
  kept.reverse();
  const constants = new Map([...program.constants].filter(([handle]) => needed.has(handle)));
  return { ...program, operations: kept, constants };
}
