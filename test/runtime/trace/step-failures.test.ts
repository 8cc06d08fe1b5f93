/** A replica that fails before or after its all-reduce: the others do not wait for it, and the next step runs. */
import { expect, it, vi } from 'vitest';

import { Cancellation } from '../../../src/runtime/tensorflow/cancellation.js';
import { EagerExecutor } from '../../../src/runtime/tensorflow/eager-executor.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { createStepFactory } from './create-step-factory.js';
import { FailingSteps } from './failing-steps.js';

describeWithTensorFlow('a step over three replicas', () => {
  const newStep = createStepFactory(3, 60);
  const step = newStep('adding');
  const steps = new FailingSteps();

  it.each([
    ['before', 0],
    ['before', 2],
    ['after', 0],
    ['after', 1],
  ] as const)('with a replica that fails %s its all-reduce is undone, and later steps run', (place, bad) => {
    steps.expectRecovery(step, place, bad);
  });

  it('may fail before the watchdog has boards for as many steps as may be in flight', () => {
    for (let round = 0; round < 10; round++) {
      const fresh = newStep(`adding ${String(round)}`);
      const start = steps.sum;
      expect(steps.value(fresh, 'before')).toBe(3);
      for (const bad of [0, 1, 2]) {
        steps.expectFailure(fresh, 'before', bad);
        expect(steps.value(fresh, 'before')).toBe(3);
      }
      expect(steps.sum).toBe(start + 12);
    }
  });

  it('that starts on some replicas only is cancelled there, and later steps run', () => {
    const start = steps.sum;
    expect(steps.value(step, 'before')).toBe(3);
    const cannotStart = new RangeError('no memory');
    const executeKnown = Reflect.get(EagerExecutor.prototype, 'executeKnown');
    let calls = 0;
    const spy = vi.spyOn(EagerExecutor.prototype, 'executeKnown').mockImplementation(function (
      this: EagerExecutor,
      ...given
    ) {
      if (++calls === 3) throw cannotStart;
      return executeKnown.apply(this, given);
    });
    const released = vi.spyOn(Cancellation.prototype, 'release');
    try {
      expect(() => steps.run(step, 'before')).toThrow(cannotStart);
      // The watchdog must not take it for a step that never ends.
      expect(released).toHaveBeenCalled();
    } finally {
      spy.mockRestore();
      released.mockRestore();
    }
    expect(steps.sum).toBe(start + 3);
    for (let later = 0; later < 12; later++) expect(steps.value(step, 'before')).toBe(3);
    expect(steps.sum).toBe(start + 3 + 36);
  });
});
