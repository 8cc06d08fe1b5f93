/** A job of several workers goes on from its backups: after a kill, and after a SIGTERM. Needs dist/. */
import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { BIN } from '../../cli/command.js';
import { printed, PROGRAM, runFolder, runProgram } from '../layers/backup/training-program.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

type Running = NonNullable<Parameters<typeof runProgram>[2]['whileRunning']>;

function job(folder: string, options: object, whileRunning?: Running, restarts = 0) {
  const words = ['launch', '--workers', '2', '--max-restarts', String(restarts), PROGRAM];
  const running = whileRunning === undefined ? {} : { whileRunning };
  return runProgram(folder, [process.execPath, BIN, ...words, JSON.stringify(options)], {
    engine: 'tensorflow',
    ...running,
  });
}

/** The results of all workers. */
const resultsIn = (output: string): string[] => [...output.matchAll(/RESULT (.*)/g)].map(([, result = '']) => result);

describeWithTensorFlow('the backups of a job with two workers', () => {
  test('lead to the weights of an undisturbed run, to the bit', { timeout: 300_000 }, async () => {
    const options = { devices: 'workers', saveFreq: 2 };
    const logged = runFolder();
    const [expected, ...others] = resultsIn((await job(logged, { ...options, logs: true })).output);
    expect(others).toEqual([expected]);
    // Only the chief logs for TensorBoard.
    expect(readdirSync(logged).filter((name) => name.startsWith('logs-'))).toHaveLength(1);

    const killed = await job(runFolder(), { ...options, killAfter: 7, killWorker: 1 }, undefined, 1);
    expect(killed.output).toContain('mirrorscope: Restart 1 of 1, because worker 1 was killed by SIGKILL.');
    expect(resultsIn(killed.output)).toEqual([expected, expected]);

    const folder = runFolder();
    const stopped = await job(folder, { ...options, saveFreq: 1000, waitMs: 60 }, async (child, output) => {
      await printed(child, output, '[worker 1] step 2\n');
      child.kill('SIGTERM');
    });
    expect(stopped.code).toBe(42);
    expect(resultsIn((await job(folder, options)).output)).toEqual([expected, expected]);
  });
});
