/** Removes what a program computes for nothing. Pure. */
import type { Handle } from '../../tensorflow/op-executor.js';

import { flatInputs, type Program, type RecordedOperation } from '../program.js';

/** Ops that are run for what they do, not for what they give. */
export const EFFECTS = new Set([
  'CollectiveReduceV2',
  'CollectiveGatherV2',
  'CollectiveReduceV3',
  'CollectiveBcastSendV2',
  'CollectiveBcastRecvV2',
  'InplaceUpdate',
  'PrintV2',
  'Assert',
  'WriteSummary',
]);

/** The program without the ops that no result and no effect needs. */
export function pruneDeadOperations(program: Program): Program {
  const needed = new Set<Handle>(program.results);
  const kept: RecordedOperation[] = [];
  for (let index = program.operations.length - 1; index >= 0; index--) {
    const operation = program.operations[index] as RecordedOperation;
    if (!EFFECTS.has(operation.op) && !operation.outputs.some((output) => needed.has(output))) continue;
    kept.push(operation);
    for (const handle of flatInputs(operation.inputs)) needed.add(handle);
  }
  kept.reverse();
  const constants = new Map([...program.constants].filter(([handle]) => needed.has(handle)));
  return { ...program, operations: kept, constants };
}
