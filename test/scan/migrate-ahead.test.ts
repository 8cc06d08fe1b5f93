/** A thread that begins while the pre-filter reads: it answers what it took, takes no more than is worth it, and loses nothing when it dies. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

import type { MigrationSettings } from '../../src/scan/migrate-file.js';
import { isWorthAhead, MigrationAhead } from '../../src/scan/migrate-ahead.js';
import { mirrorscope } from '../cli/command.js';
import { temporaryTree } from './temporary-tree.js';

const WORKER = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', (task) => {
  if (task === 'exit') process.exit(3);
  parentPort.postMessage('did ' + task);
});
`;

function start(): MigrationAhead {
  const root = temporaryTree({ 'worker.mjs': WORKER });
  return new MigrationAhead(pathToFileURL(path.join(root, 'worker.mjs')), { root } as MigrationSettings);
}

describe('migration ahead', () => {
  it('answers for every file that it took', async () => {
    const ahead = start();
    for (const name of ['a.py', 'b.py', 'c.py']) ahead.offer(name, 10);
    expect([...(await ahead.results())]).toEqual([['a.py', 'did a.py'], ['b.py', 'did b.py'], ['c.py', 'did c.py']]);
  });

  it('leaves what is too much for one thread', async () => {
    const ahead = start();
    ahead.offer('a.py', 900_000);
    ahead.offer('large.py', 200_000);
    ahead.offer('b.py', 100_000);
    expect([...(await ahead.results()).keys()]).toEqual(['a.py', 'b.py']);
  });

  it('leaves what a thread was at that died, and what came after', async () => {
    const ahead = start();
    for (const name of ['a.py', 'exit', 'b.py']) ahead.offer(name, 10);
    expect([...(await ahead.results()).keys()]).toEqual(['a.py']);
  });

  it('is for runs over many files that may use threads', () => {
    expect([isWorthAhead(10, undefined), isWorthAhead(10_000, 1), isWorthAhead(10_000, 2)]).toEqual([false, false, true]);
  });

  it.each([
    ['', {}],
    [', and a name that is handed on under another', { 'names.py': 'from keras.utils import multi_gpu_model as spread\n', 'uses.py': 'from names import spread\n\nmodel = spread(build(), 2)\n' }],
  ])('changes no report of a large tree%s', (_, more) => {
    const files: Record<string, string> = { ...more };
    for (let index = 0; index < 1600; index++) {
      files[`part${index % 40}/module_${index}.py`] = index % 400 === 7 ? 'from keras.optimizers import SGD\n\nsgd = SGD(lr=0.1)\n' : 'value = 1\n';
    }
    files['train.py'] = 'from keras.utils import multi_gpu_model\n\nmodel = build()\nmodel = multi_gpu_model(model, gpus=2)\nmodel.compile("sgd", "mse")\n';
    const root = temporaryTree(files);
    const report = (...threads: string[]): unknown => JSON.parse(mirrorscope(root, ['check', '--format', 'json', ...threads, '.']).stdout);
    const plain = report('--threads', '1') as { files: unknown[] };
    expect(plain.files.length).toBeGreaterThanOrEqual(5);
    expect(report()).toEqual(plain);
  });
});
