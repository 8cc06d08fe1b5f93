import { Worker } from 'node:worker_threads';

import { describe, expect, it } from 'vitest';

import { WatchMemory } from '../../../../src/runtime/trace/watchdog/watch-memory.js';

const armed = { sequence: 7, assignment: 3, pointer: 0x7fff_8765_4321 };

describe('WatchMemory', () => {
  it('lets the thread hold a slot only while it is armed', () => {
    const owner = new WatchMemory();
    const thread = new WatchMemory(owner.buffer);
    expect(thread.hold(4)).toBeUndefined();
    owner.arm(4, armed);
    expect(thread.hold(4)).toEqual(armed);
    expect(thread.hold(4)).toBeUndefined();
    thread.release(4, false);
    expect(owner.hasFired(4)).toBe(false);
    expect(thread.hold(4)).toEqual(armed);
    thread.release(4, true);
    expect(owner.hasFired(4)).toBe(true);
    expect(thread.hold(4)).toBeUndefined();
    expect([thread.isFired(4, 7), thread.isFired(4, 8)]).toEqual([true, false]);
    owner.free(4);
    expect([thread.isInUse(4), thread.hold(4), owner.hasFired(4)]).toEqual([false, undefined, false]);
  });

  it('does not free a slot that the thread holds', async () => {
    const owner = new WatchMemory();
    owner.arm(0, armed);
    const thread = new WatchMemory(owner.buffer);
    thread.hold(0);
    // Does what `release(0, true)` does, after a while. A worker cannot load TypeScript, so it writes the words itself.
    const { workerData, releaseMs } = { workerData: owner.buffer, releaseMs: 200 };
    const worker = new Worker(
      `const words = new Int32Array(require('node:worker_threads').workerData);
       setTimeout(() => { Atomics.store(words, 4, 3); Atomics.notify(words, 4); }, ${String(releaseMs)});`,
      { eval: true, workerData },
    );
    const asked = performance.now();
    owner.free(0);
    expect(performance.now() - asked).toBeGreaterThan(releaseMs * 0.9);
    expect(thread.isInUse(0)).toBe(false);
    await worker.terminate();
  });

  it('knows which step started first when the count overflows', () => {
    const memory = new WatchMemory();
    memory.arm(0, { ...armed, sequence: 0x7fff_ffff });
    memory.arm(1, { ...armed, sequence: -0x8000_0000 });
    expect([memory.startedBefore(0, 1), memory.startedBefore(1, 0)]).toEqual([true, false]);
  });

  it('counts naps that ran out, and not interrupted ones', () => {
    const memory = new WatchMemory();
    memory.napMs = 20;
    expect(memory.nap(() => false)).toBe(0);
    expect(memory.nap(() => false)).toBe(20);
    // Armed while the thread decides to sleep until it is woken: it does not sleep.
    expect(
      memory.nap(() => {
        memory.arm(0, armed);
        return true;
      }),
    ).toBe(0);
  });
});
