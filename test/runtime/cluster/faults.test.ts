/**
 * Faults of a cluster of three processes: every process that survives ends its step within the stated time, with one
 * error that says what happened. `npm run faults` runs all faults, and prints a table.
 */
import type { FaultReport } from './programs/faults.js';

import { once } from 'node:events';
import { createServer } from 'node:net';

import { afterAll, describe, expect, test } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { type Fault, FAULTS } from './support/fault-table.js';
import { freeAddresses, startWorkers, type WorkerProcess, type Workers } from './support/start-workers.js';

const FULL = process.env['MIRRORSCOPE_FULL_CLUSTER'] === '1';
const WORKERS = 3;
/** Within this time, every process that can end has ended. */
const LIMIT_MS = 60_000;

const table: string[] = [];

/** Starts the processes of a fault, and whatever is in their way. */
async function startWith(fault: Fault): Promise<{ workers: Workers; cleanUp: () => void }> {
  const addresses = await freeAddresses(WORKERS);
  if (fault.kind === 'name') addresses[fault.victim] = 'nosuchhost.invalid:2222';
  const blocker = createServer();
  if (fault.kind === 'port') await once(blocker.listen(Number(addresses[fault.victim]?.split(':')[1])), 'listening');
  const absent = fault.kind === 'missing' || fault.kind === 'name' ? fault.victim : undefined;
  const workers = await startWorkers({
    program: 'faults',
    workers: WORKERS,
    addresses,
    started: addresses.map((_, worker) => worker).filter((worker) => worker !== absent),
    environment: (worker) => ({ FAULT: worker === fault.victim ? JSON.stringify(fault) : '{}' }),
  });
  return { workers, cleanUp: () => blocker.close() };
}

/** Waits for a process, but not for ever. @returns Whether it has ended. */
function hasEnded({ ended }: WorkerProcess): Promise<boolean> {
  return Promise.race([
    ended.then(() => true),
    new Promise<boolean>((resolve) => {
      setTimeout(() => {
        resolve(false);
      }, LIMIT_MS).unref();
    }),
  ]);
}

describeWithTensorFlow('a fault of one of three processes', () => {
  describe.each(FAULTS.filter(({ isShort }) => FULL || isShort === true))('$name', (fault) => {
    test('every other process reports it', { timeout: LIMIT_MS + 30_000 }, async () => {
      const { workers, cleanUp } = await startWith(fault);
      try {
        let began = Date.now();
        for (const { child } of workers.all)
          child.on('message', ({ at }: { at: number }) => {
            began = at;
          });
        const dies = fault.at !== undefined;
        const others = workers.all.filter(({ worker }) => !dies || worker !== fault.victim);
        const ended = await Promise.all(others.map(hasEnded));
        const reports = others.map((other) => other.result() as FaultReport | undefined);
        // A process whose own port is taken says so; the others only miss it.
        const told = fault.kind === 'port' ? others.filter(({ worker }) => worker === fault.victim) : others;
        const seconds = Math.max(...reports.map((report) => ((report?.noticedAt ?? Infinity) - began) / 1000));
        const lost = reports.filter((report) => report === undefined).length;
        table.push(
          `| ${fault.name} | ${seconds.toFixed(1)} s of ${String(fault.withinSeconds)} s | ${[...new Set(reports.map((report) => report?.code ?? 'none'))].join(', ')} | ${String(lost)} | ${String(ended.filter((each) => !each).length)} |`,
        );
        for (const { result, output } of told) {
          expect(result(), output()).toMatchObject({
            code: fault.code,
            message: expect.stringMatching(fault.message) as unknown,
          });
        }
        expect(ended, 'every other process has ended').not.toContain(false);
        expect(seconds).toBeLessThan(fault.withinSeconds);
      } finally {
        cleanUp();
        await workers.stop();
      }
    });
  });

  afterAll(() => {
    if (!FULL) return;
    console.log(
      [
        '| fault | seen within | error of every survivor | lost | processes left |',
        '|---|---|---|---|---|',
        ...table,
      ].join('\n'),
    );
  });
});
