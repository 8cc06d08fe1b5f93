/** The models and batches on which gradient accumulation must change nothing. */
import { MODEL_CASES, type ModelCase } from './model-cases.js';

const NAMES = [
  'dense',
  'dense with regularizers',
  'conv',
  'stateful lstm',
  'functional with two inputs and two outputs',
  'custom scalar loss',
];

export const ACCUMULATION_CASES: readonly ModelCase[] = NAMES.map(
  (name) => MODEL_CASES.find((modelCase) => modelCase.name === name) as ModelCase,
);

/** Batches of 8 leave 7 of 23 at the end of an epoch: their micro-batches differ in size; stateful models have batches of 12. */
export function batches({ fixedBatch }: ModelCase): { rows: number; batchSize: number } {
  return fixedBatch === undefined ? { rows: 23, batchSize: 8 } : { rows: 2 * fixedBatch, batchSize: fixedBatch };
}
