/** How much the watchdog keeps for steps that ended. */
import type { WatchedStep } from '../../../../src/runtime/trace/watchdog/watched-step.js';

import { expect, it } from 'vitest';

import { session, useBackend } from '../../../../src/runtime/backend/index.js';
import { Watchdog } from '../../../../src/runtime/trace/watchdog/watchdog.js';
import { describeWithTensorFlow } from '../../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('the watchdog', () => {
  const newStep = (): WatchedStep => ({
    name: 'train',
    devices: ['CPU:0'],
    collectives: [{ words: 'a collective', participants: [0] }],
  });

  it('keeps no more boards after the steps of 300 models than after those of 60', () => {
    useBackend();
    const watchdog = new Watchdog(session.context);
    const watch = (count: number): number => {
      for (let step = 0; step < count; step++) watchdog.watch(newStep(), 60).delete();
      return session.context.handles.alive;
    };
    const before = watch(60);
    expect(watch(240)).toBe(before);
  });

  it('uses the boards of a step again for the same step', () => {
    useBackend();
    const watchdog = new Watchdog(session.context);
    const [one, other] = [newStep(), newStep()];
    const boardsOf = (step: WatchedStep) => {
      const watched = watchdog.watch(step, 60);
      watched.delete();
      return watched.boards;
    };
    const boards = boardsOf(one);
    expect(boardsOf(other)).not.toBe(boards);
    expect(boardsOf(one)).toBe(boards);
  });

  it('uses cancellations again, but not one that was cancelled', () => {
    useBackend();
    const watchdog = new Watchdog(session.context);
    const first = watchdog.watch(newStep(), 60);
    const { pointer } = first;
    first.delete();
    const second = watchdog.watch(newStep(), 60);
    expect(second.pointer).toBe(pointer);
    second.cancel();
    const third = watchdog.watch(newStep(), 60);
    second.delete();
    const fourth = watchdog.watch(newStep(), 60);
    expect(third.pointer).not.toBe(pointer);
    third.delete();
    expect(watchdog.watch(newStep(), 60).pointer).toBe(third.pointer);
    fourth.delete();
  });
});
