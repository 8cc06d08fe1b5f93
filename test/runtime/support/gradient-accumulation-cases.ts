/** Models and batches for which gradient accumulation must not change the results. */
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

/**
 * Of 23 rows in batches of 8, the last batch has 7, so its micro-batches differ in size. Stateful models have batches
 * of 12.
 */
export function batches({ fixedBatch }: ModelCase): { rows: number; batchSize: number } {
  return fixedBatch === undefined ? { rows: 23, batchSize: 8 } : { rows: 2 * fixedBatch, batchSize: fixedBatch };
}
