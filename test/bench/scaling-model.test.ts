/** The model of docs/scaling.md: its limits, and how far it is from what was measured. */
import { describe, expect, it } from 'vitest';

import {
  GRPC_BYTES_PER_SECOND,
  GRPC_HOP_SECONDS,
  MEASURED_SUMS,
} from '../../bench/scaling/measured-constants-table.js';
import {
  halfEfficiencyWorkers,
  ringSeconds,
  sharedMachineSeconds,
  stepTime,
  trainingStateBytes,
} from '../../bench/scaling/scaling-model.js';

const link = { hopSeconds: 1e-3, bytesPerSecond: 1e9 };
const model = { name: 'a model', weights: 25e6, computeSeconds: 0.3 };

describe('the time of a ring all-reduce', () => {
  it('is nothing for one worker, and two exchanges of halves for two', () => {
    expect(ringSeconds(1, 1e9, link)).toBe(0);
    expect(ringSeconds(2, 1e9, link)).toBeCloseTo(2 * (1e-3 + 0.5), 9);
  });

  it('approaches twice the size over the bandwidth, plus a latency that grows with the workers', () => {
    const workers = 1024;
    expect(ringSeconds(workers, 1e9, { ...link, hopSeconds: 0 })).toBeCloseTo(2, 2);
    expect(ringSeconds(workers, 0, link)).toBeCloseTo(2.046, 9);
  });

  it('is within a fifth of what was measured on one machine', () => {
    const machine = { hopSeconds: GRPC_HOP_SECONDS, bytesPerSecond: GRPC_BYTES_PER_SECOND };
    for (const { workers, bytes, seconds } of MEASURED_SUMS) {
      const error = Math.abs(sharedMachineSeconds(workers, bytes, machine) / seconds - 1);
      expect(error, `${String(bytes)} bytes over ${String(workers)} workers`).toBeLessThan(0.2);
    }
  });
});

describe('the time of a step', () => {
  it('is that of its computation on one worker', () => {
    expect(stepTime(model, { workers: 1, link })).toEqual({ seconds: 0.3, exchangeSeconds: 0, efficiency: 1 });
  });

  it('adds the whole exchange when all gradients are in one pack', () => {
    const { seconds, exchangeSeconds } = stepTime(model, { workers: 8, link, bytesPerPack: 0 });
    expect(seconds).toBeCloseTo(0.3 + exchangeSeconds, 9);
  });

  it('hides packs behind the backward pass, except for the last one', () => {
    const slow = { ...model, computeSeconds: 10 };
    const { seconds } = stepTime(slow, { workers: 8, link });
    expect(seconds).toBeCloseTo(10 + ringSeconds(8, 4 << 20, link), 9);
  });

  it('halves what travels with gradients of 16 bits', () => {
    const fast = { hopSeconds: 0, bytesPerSecond: 1e9 };
    const full = stepTime(model, { workers: 64, link: fast }).exchangeSeconds;
    expect(stepTime(model, { workers: 64, link: fast, bytesPerGradient: 2 }).exchangeSeconds).toBeCloseTo(full / 2, 9);
  });

  it('finds where half of the step is computation', () => {
    const workers = halfEfficiencyWorkers(model, { link });
    expect(stepTime(model, { workers, link }).efficiency).toBeGreaterThanOrEqual(0.5);
    expect(stepTime(model, { workers: workers + 1, link }).efficiency).toBeLessThan(0.5);
    expect(halfEfficiencyWorkers(model, { link: { hopSeconds: 10, bytesPerSecond: 1e9 } })).toBe(1);
    expect(halfEfficiencyWorkers(model, { link: { hopSeconds: 0, bytesPerSecond: 1e15 } }, 1000)).toBe(1000);
  });
});

it('divides only the moments of the optimizer over devices', () => {
  expect(trainingStateBytes(1e6, 1)).toBe(16e6);
  expect(trainingStateBytes(1e6, 8)).toBe(9e6);
});
