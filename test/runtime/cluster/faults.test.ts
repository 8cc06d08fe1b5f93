/**
 * Faults of a cluster of three processes: every process that survives ends its step within the stated time, with one
 * error that says what happened. The job that is started again ends with the weights of an undisturbed one, to the bit,
 * and takes no step again that a backup holds. `npm run faults` runs all faults, and prints a table.
 */
import { rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import {
  type BackupPlace,
  backupPlace,
  type JobEnd,
  LIMIT_MS,
  runJob,
  savedSteps,
  truncateNewest,
  WORKERS,
} from './support/fault-run.js';
import { type Fault, FAULTS, TRAINING_STEPS } from './support/fault-table.js';

const FULL = process.env['MIRRORSCOPE_FULL_CLUSTER'] === '1';
const SAVE_FREQUENCY = 3;

const table: string[] = [];

/** What an undisturbed run gives. */
let expected: { readonly hash: string; readonly weights: readonly number[]; readonly whole: ReadonlySet<string> };

/** The processes that must report the fault, and what. */
function toldOf(fault: Fault): { readonly worker: number; readonly code: string; readonly message: RegExp }[] {
  const { victim, code, message, own, kind, at } = fault;
  const told = Array.from({ length: WORKERS }, (_, worker) => ({ worker, code, message }));
  // A process whose own port is taken says so; the others only miss it.
  if (kind === 'port') return told.filter(({ worker }) => worker === victim);
  const others = told.filter(({ worker }) => worker !== victim);
  if (own !== undefined) return [...others, { worker: victim, ...own }];
  const hasVictimReport = at === undefined && kind !== 'missing' && kind !== 'name';
  return hasVictimReport ? told : others;
}

function checkReports(fault: Fault, { reports, outputs }: JobEnd): void {
  for (const { worker, code, message } of toldOf(fault)) {
    const report = reports[worker];
    expect(report, outputs[worker]).toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    // The step that failed was taken back.
    const isTaken = report?.weights.length !== 0 && fault.code !== 'NONE' && fault.code !== 'WORKERS_DIFFER';
    if (isTaken) expect(expected.whole, `the weights of worker ${String(worker)}`).toContain(report?.hash);
  }
}

/** How long after the fault the last process reported it. */
function secondsOf({ victim, at }: Fault, { began, reports }: JobEnd): number {
  const others = reports.filter((report, worker) => report !== undefined && (at === undefined || worker !== victim));
  return Math.max(...others.map((report) => ((report?.endedAt ?? Infinity) - began) / 1000));
}

/** How the job ended that was started again. */
interface Recovery {
  readonly isEqual: boolean;
  /** How many steps it took although a backup held them. */
  readonly lost: number;
  readonly left: number;
}

/** A job that ended without having been started again. */
function goneOn({ kind }: Fault, { reports }: JobEnd): Recovery {
  const [first] = reports;
  // Another number of replicas adds up in another order.
  if (kind === 'device count')
    first?.weights.forEach((weight, index) => {
      expect(weight).toBeCloseTo(expected.weights[index] ?? Number.NaN, 4);
    });
  const hash = kind === 'device count' ? first?.hash : expected.hash;
  return { isEqual: reports.every((report) => report?.hash === hash), lost: 0, left: 0 };
}

async function startAgain(backups: BackupPlace): Promise<Recovery> {
  const saved = savedSteps(backups);
  const { reports, outputs, left } = await runJob({}, backups);
  for (const [worker, report] of reports.entries()) expect(report, outputs[worker]).toMatchObject({ code: 'NONE' });
  const isEqual = reports.every((report) => report?.hash === expected.hash);
  return { isEqual, lost: (reports[0]?.hashes.length ?? 0) - (TRAINING_STEPS - saved), left };
}

describeWithTensorFlow('a fault of one of three processes', () => {
  beforeAll(async () => {
    const backups = backupPlace(SAVE_FREQUENCY);
    const { reports, outputs } = await runJob({}, backups);
    rmSync(backups.folder, { recursive: true, force: true });
    const [first] = reports;
    expect(first, outputs[0]).toMatchObject({ code: 'NONE' });
    expect(reports.map((report) => report?.hash)).toEqual(reports.map(() => first?.hash));
    expected = {
      hash: first?.hash ?? '',
      weights: first?.weights ?? [],
      whole: new Set(reports.flatMap((report) => [...(report?.hashes ?? []), report?.start ?? ''])),
    };
  }, LIMIT_MS + 30_000);

  describe.each(FAULTS.filter(({ isShort }) => FULL || isShort === true))('$name', (fault) => {
    const { times = 1 } = fault;
    test('every other process reports it', { timeout: times * LIMIT_MS + 2 * LIMIT_MS }, async () => {
      const backups = backupPlace(times > 1 ? 1 : SAVE_FREQUENCY);
      let seconds = Number.NaN;
      let codes = 'no report';
      let left = 0;
      let recovery: Recovery | undefined;
      try {
        for (let time = 0; time < times; time++) {
          const end = await runJob(fault, backups);
          seconds = Math.max(time === 0 ? 0 : seconds, secondsOf(fault, end));
          codes = [...new Set(toldOf(fault).map(({ worker }) => end.reports[worker]?.code ?? 'none'))].join(', ');
          left += end.left;
          checkReports(fault, end);
          expect(end.left, 'processes that did not end').toBe(0);
          if (fault.code === 'NONE') recovery = goneOn(fault, end);
        }
        if (fault.kind === 'truncated backup') truncateNewest(backups);
        recovery ??= await startAgain(backups);
        expect(recovery).toEqual({ isEqual: true, lost: 0, left: 0 });
        if (fault.code !== 'NONE') expect(seconds).toBeLessThan(fault.withinSeconds);
      } finally {
        const inPlace = fault.code === 'NONE' ? 'yes, in the same processes' : 'yes';
        const isRecovered = recovery === undefined ? 'not tried' : recovery.isEqual ? inPlace : 'no';
        const limit = fault.code === 'NONE' ? '–' : `${seconds.toFixed(1)} s of ${String(fault.withinSeconds)} s`;
        table.push(
          `| ${fault.name} | ${limit} | ${codes} | ${isRecovered} | ${String(recovery?.lost ?? '?')} | ${String(left + (recovery?.left ?? 0))} |`,
        );
        rmSync(backups.folder, { recursive: true, force: true });
      }
    });
  });

  afterAll(() => {
    if (!FULL) return;
    console.log(
      [
        '| fault | seen within | error on every survivor | recovered | lost steps | processes left |',
        '|---|---|---|---|---|---|',
        ...table,
      ].join('\n'),
    );
  });
});
