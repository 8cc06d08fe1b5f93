/** Variables take the chief's first value, wherever they are made. */
import type { ChiefValues } from './programs/chief-values.js';

import { expect, test } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { runWorkers } from './support/start-workers.js';

describeWithTensorFlow('the first value of a variable', () => {
  test.each([
    { devices: 1, eagerly: '0' },
    { devices: 2, eagerly: '0' },
    { devices: 1, eagerly: '1' },
  ])('is the chief’s: $devices devices each, eagerly: $eagerly', { timeout: 120_000 }, async ({ devices, eagerly }) => {
    const results = (await runWorkers({
      program: 'chief-values',
      workers: 2,
      timeoutMs: 110_000,
      environment: () => ({ DEVICES: String(devices), EAGER: eagerly }),
    })) as ChiefValues[];
    const [chief, worker] = results;
    expect(worker).toEqual(chief);
    const onEach = <Value>(values: readonly Value[]): Value[] => Array.from({ length: devices }, () => values).flat();
    expect(chief).toMatchObject({
      onRead: onEach([11]),
      onReadSum: 11 * devices * 2,
      eager: [10, 11],
      traced: onEach([12, 13]),
    });
    expect(chief?.model[0]).toBeCloseTo(30, -1);
  });
});
