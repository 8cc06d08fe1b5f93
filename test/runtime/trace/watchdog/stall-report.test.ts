import { describe, expect, it } from 'vitest';

import { StallReport } from '../../../../src/runtime/trace/watchdog/stall-report.js';
import { describeStep } from '../../../../src/runtime/trace/watchdog/watched-step.js';

const own = (node: string, name: string) => [{ instance: 0, node, tensors: [{ name, shape: [2, 3] }] }];
const step = describeStep(
  'train',
  ['CPU:0', 'CPU:1'],
  [own('Reduce_9', ''), own('Reduce_7', 'gradient of a/kernel')],
  1,
);

describe('StallReport', () => {
  it('reports once, after a grace period, which replica a cancelled step waits for', () => {
    const report = new StallReport({ step, timeoutMs: 3000 });
    report.cancelled({ collective: 0, arrived: [1] });
    expect(report.whileCancelled(2900)).toBeUndefined();
    expect(report.whileCancelled(100)).toMatch(
      /^The train step's collective Reduce_7 of gradient of a\/kernel \[2,3\] waited for longer than 3 s\. Arrived: 1 \(CPU:1\)\. Missing: 0 \(CPU:0\)\. It was cancelled 3 s ago/,
    );
    expect(report.whileCancelled(60_000)).toBeUndefined();
  });

  it('reports which replicas compute for longer than the timeout, and again after twice the time', () => {
    const report = new StallReport({ step, timeoutMs: 3000 });
    const at = (milliseconds: number): string | undefined => report.whileComputing({ replicas: [0, 1], milliseconds });
    expect(at(2999)).toBeUndefined();
    expect(at(3000)).toBe(
      'the train step has computed for 3 s without a replica coming to the next collective: 0 (CPU:0), 1 (CPU:1). It goes on.',
    );
    expect([at(3001), at(5999)]).toEqual([undefined, undefined]);
    expect(at(6000)).toContain('6 s');
  });
});
