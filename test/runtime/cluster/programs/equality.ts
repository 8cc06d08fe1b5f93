/** Trains the model cases that `CASES` lists, each with the rows and batch sizes of its entry. */
import type { GradientType } from '../../../../src/runtime/trace/communication-options.js';
import type { Outcome } from '../../support/training-outcome.js';

import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';
import { OPTIMIZERS } from '../../support/optimizers.js';
import { trainCase } from '../../support/training-outcome.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

/** One training run. */
export interface EqualityRun {
  readonly modelCase: string;
  readonly rows: number;
  readonly batchSize: number;
  readonly optimizer?: string;
}

const strategy = makeStrategy({
  runEagerly: process.env['EAGER'] === '1',
  communicationOptions: { gradientType: process.env['GRADIENT_TYPE'] as GradientType | undefined } as never,
});
const outcomes: Outcome[] = [];
for (const { modelCase, optimizer, ...options } of JSON.parse(process.env['RUNS'] ?? '[]') as EqualityRun[]) {
  const found = MODEL_CASES.find(({ name }) => name === modelCase) as ModelCase;
  const makeOptimizer = [...OPTIMIZERS].find(([name]) => name === optimizer)?.[1];
  outcomes.push(
    await trainCase(found, makeOptimizer === undefined ? options : { ...options, optimizer: makeOptimizer }, strategy),
  );
}
writeResult(outcomes);
