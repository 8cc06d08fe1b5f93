import { describe, expect, test } from 'vitest';

import { PeerWaits } from '../../../../src/runtime/trace/watchdog/peer-waits.js';

const at = (waits: PeerWaits, collective: number, milliseconds: number) => waits.next({ collective, milliseconds });

describe('a process that waits', () => {
  test('tells the others once, then reports at times that double', () => {
    const waits = new PeerWaits(300_000);
    const times = [0, 500, 1000, 2000, 9000, 10_000, 15_000, 20_000, 41_000];
    expect(times.map((milliseconds) => at(waits, 2, milliseconds))).toEqual([
      undefined,
      undefined,
      'tell',
      undefined,
      undefined,
      'report',
      undefined,
      'report',
      'report',
    ]);
  });

  test('tells the others again in another collective, and before it reports', () => {
    const waits = new PeerWaits(300_000);
    expect(at(waits, 0, 5000)).toBe('tell');
    expect(at(waits, 1, 30_000)).toBe('tell');
    expect(at(waits, 1, 31_000)).toBe('report');
  });

  test('with a short timeout, does both before the step ends', () => {
    const waits = new PeerWaits(4000);
    expect([0, 500, 1000, 1500, 2000].map((milliseconds) => at(waits, 0, milliseconds))).toEqual([
      undefined,
      undefined,
      'tell',
      undefined,
      'report',
    ]);
  });
});
