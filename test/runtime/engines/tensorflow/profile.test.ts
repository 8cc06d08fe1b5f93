/** `profile` returns a trace with rows for each device and for JavaScript. Only profiled steps contain clocks. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import { type ChromeTrace, MirroredStrategy, profile, type TraceEvent } from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { GraphBuilder } from '../../../../src/runtime/trace/graph-builder.js';
import { expectSameWeights, twins } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';

const dense = MODEL_CASES[0] as ModelCase;
const strategyOf = (devices: number): MirroredStrategy => new MirroredStrategy({ devices, engine: 'tensorflow' });
const STEPS = 6;
const options = { batchSize: 8, epochs: 2, shuffle: false, verbose: 0 } as const;

const category = ({ traceEvents }: ChromeTrace, cat: string): TraceEvent[] =>
  traceEvents.filter((event) => event.cat === cat);
const endOf = ({ ts = NaN, dur = NaN }: TraceEvent): number => ts + dur;

/** The tolerance in microseconds: times come from two clocks of one machine. */
const CLOCKS_MICROS = 5000;

describe.skipIf(locateTensorFlow().files === undefined)('profile', () => {
  beforeAll(() => void strategyOf(2));

  test.each([1, 2])(
    '%i replicas: a row for each kind and device, consistent times, and the same training as without a profile',
    async (devices) => {
      const { plain, scoped } = twins(dense, strategyOf(devices));
      const { x, y } = dense.data(24);
      await plain.fit(x, y, options);
      const start = performance.now();
      const { result, trace } = await profile(() => scoped.fit(x, y, options));
      const wall = (performance.now() - start) * 1000;
      expect(result.epoch).toEqual([0, 1]);
      expectSameWeights(plain, scoped);

      const rowNames = trace.traceEvents
        .filter(({ name }) => name === 'process_name')
        .map(({ args }) => args?.['name'] as string);
      expect(rowNames[0]).toBe('JavaScript');
      expect(rowNames.slice(1).map((name) => name.split('/device:')[1])).toEqual(['CPU:0', 'CPU:1'].slice(0, devices));

      const computes = category(trace, 'compute');
      expect(computes).toHaveLength(STEPS * devices);
      for (const cat of ['compute', 'collective', 'input wait', 'js']) {
        for (const event of category(trace, cat)) {
          expect(event.dur, cat).toBeGreaterThanOrEqual(0);
          expect(event.ts, cat).toBeGreaterThan(-CLOCKS_MICROS);
          expect(endOf(event), cat).toBeLessThan(wall + CLOCKS_MICROS);
        }
      }
      for (let pid = 1; pid <= devices; pid++) {
        const own = computes.filter((event) => event.pid === pid);
        // The steps of one device follow each other, and none takes zero time.
        own.slice(1).forEach((event, index) => {
          expect(event.ts).toBeGreaterThanOrEqual(endOf(own[index] as TraceEvent) - 1);
        });
        expect(own.reduce((sum, { dur = 0 }) => sum + dur, 0)).toBeGreaterThan(0);
        expect(category(trace, 'input wait').filter((event) => event.pid === pid).length).toBeGreaterThan(0);
      }
      const collectives = category(trace, 'collective');
      expect(collectives).toHaveLength(devices === 1 ? 0 : collectives.length);
      if (devices > 1) expect(collectives.length).toBeGreaterThanOrEqual(STEPS * devices);
      for (const event of collectives) {
        const step = computes.find(
          (each) => each.pid === event.pid && (each.ts ?? 0) <= (event.ts ?? 0) + 1 && endOf(each) >= endOf(event) - 1,
        );
        expect(step, `${event.name} lies in a step`).toBeDefined();
      }
      const names = new Set(category(trace, 'js').map(({ name }) => name));
      expect([...names]).toEqual(expect.arrayContaining(['record train', 'dispatch train', 'wait for a step']));
    },
  );

  test('profile writes the trace as JSON', async () => {
    const { scoped } = twins(dense, strategyOf(2));
    const { x, y } = dense.data(8);
    const folder = mkdtempSync(join(tmpdir(), 'profile-'));
    try {
      const path = join(folder, 'trace.json');
      const { trace } = await profile(() => scoped.predict(x) as tf.Tensor, { path });
      const written = JSON.parse(readFileSync(path, 'utf8')) as ChromeTrace;
      expect(written).toEqual(JSON.parse(JSON.stringify(trace)));
      expect(category(written, 'compute').map(({ name }) => name)).toEqual(['predict', 'predict']);
      tf.dispose([x, y] as never);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('only profiled steps have clocks, and they leak nothing', async () => {
    const { scoped } = twins(dense, strategyOf(2));
    const { x, y } = dense.data(24);
    await scoped.fit(x, y, options);
    await profile(() => scoped.fit(x, y, options));
    const before = tf.memory().numTensors;
    const operation = vi.spyOn(GraphBuilder.prototype, 'operation');
    const functions = vi.spyOn(GraphBuilder.prototype, 'toFunction');
    await scoped.fit(x, y, options);
    await profile(() => scoped.fit(x, y, options));
    // The functions of both kinds of step are kept.
    expect(functions).not.toHaveBeenCalled();
    const { scoped: other } = twins(dense, strategyOf(2));
    await other.fit(x, y, options);
    expect(operation.mock.calls.filter(([op]) => op === 'Timestamp')).toEqual([]);
    operation.mockRestore();
    functions.mockRestore();
    other.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 20);
  });

  test('profile passes errors on, can be called again afterwards, and refuses to run twice at once', async () => {
    await expect(profile(() => Promise.reject(new Error('no data')))).rejects.toThrow('no data');
    const first = profile(() => new Promise((resolve) => setTimeout(resolve, 30)));
    await expect(profile(() => 1)).rejects.toMatchObject({ code: 'STRATEGY_MISUSE' });
    await first;
    expect((await profile(() => 2)).result).toBe(2);
  });
});
