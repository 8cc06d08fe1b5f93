/** A training run that is killed and started again ends with the weights of an undisturbed one, to the bit. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { describeWithTensorFlow } from '../../tensorflow/describe-with-tensorflow.js';

import { printed, PROGRAM, runFolder, runProgram, type TrainingRun } from './training-program.js';

/** `npm run test:backups` restarts more often. */
const FULL = process.env['MIRRORSCOPE_FULL_BACKUPS'] === '1';
const RESTARTS = FULL ? 20 : 4;
const KILLS = FULL ? 25 : 4;

const STEPS = 20;

type Options = Readonly<Record<string, unknown>>;
type Running = NonNullable<Parameters<typeof runProgram>[2]['whileRunning']>;

function train(folder: string, engine: string, options: Options, whileRunning?: Running): Promise<TrainingRun> {
  const running = whileRunning === undefined ? {} : { whileRunning };
  return runProgram(folder, [process.execPath, PROGRAM, JSON.stringify(options)], { engine, ...running });
}

const backupsIn = (folder: string): string[] => readdirSync(join(folder, 'backup')).sort();

function suite(engine: string, cases: readonly Options[]): void {
  describe.each(cases)('%j', (options) => {
    test('killed in the middle of an epoch, it goes on from the last backup', { timeout: 240_000 }, async () => {
      const undisturbed = await train(runFolder(), engine, options);
      expect([undisturbed.code, undisturbed.output]).toEqual([0, undisturbed.output]);
      const folder = runFolder();
      const killed = await train(folder, engine, { ...options, killAfter: 7 });
      expect([killed.signal, killed.result]).toEqual(['SIGKILL', undefined]);
      const resumed = await train(folder, engine, options);
      expect(resumed.result).toBe(undisturbed.result);
      expect(resumed.output).not.toContain('are not those of the interrupted run');
      expect(resumed.steps).toBeLessThan(STEPS - 3);
      // The run has ended, so its backups are gone.
      expect(backupsIn(folder)).toEqual([]);
    });
  });
}

describe('on the logical engine', () => {
  suite('logical', [
    { devices: 'two', data: 'fit' },
    { devices: 'one', data: 'dataset', optimizer: 'adadelta' },
  ]);

  test('dropout without a seed draws other masks after a restart, and says so', { timeout: 120_000 }, async () => {
    const folder = runFolder();
    await train(folder, 'logical', { layer: 'dropout', killAfter: 5 });
    const resumed = await train(folder, 'logical', { layer: 'dropout' });
    expect(resumed.code).toBe(0);
    expect(resumed.output).toMatch(/the random numbers of the layer dropout_\w+ are not those of the interrupted run/);
  });
});

describeWithTensorFlow('on the tensorflow engine', () => {
  suite('tensorflow', [
    { devices: 'two', data: 'fit' },
    { devices: 'one', data: 'fit', optimizer: 'rmsprop' },
    { devices: 'two', data: 'dataset', optimizer: 'adamax' },
    { devices: 'two', data: 'endless', optimizer: 'adagrad', saveFreq: 3 },
    { devices: 'one', data: 'fit', optimizer: 'sgd', saveFreq: 'epoch' },
    { devices: 'two', data: 'fit', layer: 'recurrent' },
  ]);

  test(`${RESTARTS} restarts in a row, each after one step`, { timeout: 600_000 }, async () => {
    const options = { devices: 'two', saveFreq: 1 };
    const undisturbed = await train(runFolder(), 'tensorflow', options);
    const folder = runFolder();
    // The step is taken again after each restart, because the process dies before its backup.
    for (let restart = 0; restart < RESTARTS; restart++) {
      const { signal } = await train(folder, 'tensorflow', { ...options, killAfter: 2 });
      if (signal === null) break;
    }
    expect((await train(folder, 'tensorflow', options)).result).toBe(undisturbed.result);
  });

  test('killed at any moment, also while it writes', { timeout: 600_000 }, async () => {
    const options = { devices: 'one', saveFreq: 1, units: 20_000 };
    const undisturbed = await train(runFolder(), 'tensorflow', options);
    const folder = runFolder();
    let result: string | undefined;
    let kills = 0;
    while (result === undefined) {
      const delay = (kills * 37) % 200;
      ({ result } = await train(folder, 'tensorflow', options, async (child, output) => {
        // Each start has to get a little further.
        await printed(child, output, 'step 2\n').catch(() => undefined);
        await sleep(delay);
        if (child.exitCode === null && kills < KILLS) child.kill('SIGKILL');
        kills++;
      }));
    }
    expect(result).toBe(undisturbed.result);
  });

  test('at SIGTERM it saves, exits with 42, and goes on later', { timeout: 240_000 }, async () => {
    const options = { devices: 'two', saveFreq: 'epoch' };
    const undisturbed = await train(runFolder(), 'tensorflow', options);
    const folder = runFolder();
    const stopped = await train(folder, 'tensorflow', { ...options, waitMs: 50 }, async (child, output) => {
      await printed(child, output, 'step 8\n');
      child.kill('SIGTERM');
    });
    expect(stopped.code).toBe(42);
    const resumed = await train(folder, 'tensorflow', options);
    expect(resumed.result).toBe(undisturbed.result);
    expect(stopped.steps + resumed.steps).toBe(STEPS);
  });

  test('a truncated backup is left out, and without any other one it is an error', { timeout: 240_000 }, async () => {
    const options = { devices: 'one', saveFreq: 2 };
    const undisturbed = await train(runFolder(), 'tensorflow', options);
    const folder = runFolder();
    await train(folder, 'tensorflow', { ...options, killAfter: 9 });
    const [older = '', newest = ''] = backupsIn(folder);
    truncateSync(join(folder, 'backup', newest), 1000);
    const whole = readFileSync(join(folder, 'backup', older));
    truncateSync(join(folder, 'backup', older), 0);
    const failed = await train(folder, 'tensorflow', options);
    expect(failed.output).toContain('All backups in backup are damaged.');
    expect(failed.output).toContain("code: 'BACKUP_UNUSABLE'");
    writeFileSync(join(folder, 'backup', older), whole);
    const resumed = await train(folder, 'tensorflow', options);
    expect(resumed.output).toContain('mirrorscope: backup 4 in backup is damaged, and left out.');
    expect(resumed.result).toBe(undisturbed.result);
  });

  test.skipIf(process.platform !== 'linux')(
    'a full disk fails the run, and keeps the old backup',
    { timeout: 240_000 },
    async () => {
      const options = { devices: 'one', saveFreq: 1, units: 5000 };
      const undisturbed = await train(runFolder(), 'tensorflow', options);
      const folder = runFolder();
      await train(folder, 'tensorflow', { ...options, killAfter: 4 });
      const before = backupsIn(folder);
      // Files may have 100 KB only, as if the disk were full.
      const words = ['-c', 'ulimit -f 100; exec "$@"', 'sh', process.execPath, PROGRAM, JSON.stringify(options)];
      const full = await runProgram(folder, ['bash', ...words], { engine: 'tensorflow' });
      expect(full.output).toContain('A backup in backup: The file could not be written');
      expect(full.code).toBe(1);
      expect(backupsIn(folder)).toEqual(before);
      expect((await train(folder, 'tensorflow', options)).result).toBe(undisturbed.result);
    },
  );

  test('a backup of another model is refused', { timeout: 240_000 }, async () => {
    const folder = runFolder();
    await train(folder, 'tensorflow', { killAfter: 5 });
    expect((await train(folder, 'tensorflow', { units: 9 })).output).toContain(
      'The backup is of another training run: its weights is float32[4,8]',
    );
    expect((await train(folder, 'tensorflow', { optimizer: 'sgd' })).output).toContain('its optimizer is Adam');
    rmSync(folder, { recursive: true });
  });
});
