import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runInWorkers } from '../../src/scan/worker-pool.js';

import { temporaryTree } from './temporary-tree.js';

/** Each task decides what happens to its worker. */
const WORKER = `
import { parentPort, threadId, workerData } from 'node:worker_threads';
parentPort.on('message', async (task) => {
  if (task.startsWith('exit')) process.exit(3);
  if (task.startsWith('throw')) throw new Error('thrown');
  if (task.startsWith('reject')) await Promise.reject(new Error('rejected'));
  await new Promise((resolve) => setTimeout(resolve, task.length * 5));
  parentPort.postMessage(workerData + ' ' + task);
});
`;

function run(tasks: string[], workers: number): { results: Promise<string[]>; steps: number[] } {
  const root = temporaryTree({ 'worker.mjs': WORKER });
  const steps: number[] = [];
  const pool = { workers, file: pathToFileURL(path.join(root, 'worker.mjs')), workerData: 'did' };
  const results = runInWorkers<string, string>(
    tasks,
    pool,
    (task, reason) => `${task}: ${reason.message}`,
    (done) => steps.push(done),
  );
  return { results, steps };
}

describe('runInWorkers', () => {
  it('returns the answers in the order of the tasks, whichever finishes first', async () => {
    const tasks = ['a-task-that-takes-a-while', 'b', 'cc', 'd'];
    const { results, steps } = run(tasks, 3);
    expect(await results).toEqual(tasks.map((task) => `did ${task}`));
    expect(steps).toEqual([1, 2, 3, 4]);
  });

  it('loses no task when workers die, and replaces them', async () => {
    const { results } = run(['exit', 'a', 'throw', 'exit again', 'b', 'reject', 'c'], 2);
    expect(await results).toEqual([
      'exit: it ended with code 3',
      'did a',
      'throw: thrown',
      'exit again: it ended with code 3',
      'did b',
      'reject: rejected',
      'did c',
    ]);
  });

  it('returns no answers without tasks', async () => {
    expect(await run([], 2).results).toEqual([]);
  });
});
