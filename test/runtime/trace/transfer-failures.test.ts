/** A replica that fails before or after it sends a value: those that wait for it, or pass it on, do not hang. */
import { afterAll, expect, it } from 'vitest';

import { ENDED_COLLECTIVES } from '../../../src/runtime/tensorflow/status-hints-table.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { createStepFactory } from './create-step-factory.js';
import { FailingSteps } from './failing-steps.js';

describeWithTensorFlow('a step over three replicas that reduces by transfers', () => {
  const step = createStepFactory(3, 60)('transferring', [
    { from: 1, to: 0 },
    { from: 2, to: 0 },
  ]);
  const steps = new FailingSteps();
  let failures = 0;
  let isEnded = false;

  // In one of some 450 failures TensorFlow ends all collectives of the process, which no program can undo.
  it.for([
    ['before', 0],
    ['before', 2],
    ['after', 1],
  ] as const)('with a replica that fails %s its transfer is undone, and later steps run', ([place, bad], context) => {
    if (isEnded) context.skip('TensorFlow has ended the collectives of this process');
    try {
      steps.expectRecovery(step, place, bad);
      failures++;
    } catch (error) {
      isEnded = error instanceof Error && error.message.includes(ENDED_COLLECTIVES);
      if (!isEnded) throw error;
      expect(error).toHaveProperty('hint', expect.stringMatching(/Start the program again/));
      context.skip('TensorFlow has ended the collectives of this process');
    }
  });

  afterAll(() => {
    expect(failures).toBeGreaterThan(0);
  });
});
