/** What worker threads leave behind in the process when they end. Needs dist/, TensorFlow and Linux. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { TENSORFLOW_FILES } from '../tensorflow/describe-with-tensorflow.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const dist = new URL('../../../dist/runtime/', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'worker-threads-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the code of a worker thread in four threads, one after the other; each sends a message when it is ready. */
function threadsAndMemory(name: string, body: string, isTerminated: boolean) {
  const worker = join(folder, `${name}-worker.mjs`);
  writeFileSync(
    worker,
    `import { createRequire } from 'node:module';
     import { parentPort } from 'node:worker_threads';
     const tf = createRequire(${JSON.stringify(join(root, 'package.json'))})('@tensorflow/tfjs');
     const { useBackend, session } = await import(${JSON.stringify(`${dist}backend/index.js`)});
     const { MirroredStrategy } = await import(${JSON.stringify(`${dist}index.js`)});
     const ready = () => parentPort.postMessage('ready');
     ${body}`,
  );
  const program = join(folder, `${name}.mjs`);
  writeFileSync(
    program,
    `import { once } from 'node:events';
     import { readdirSync } from 'node:fs';
     import { Worker } from 'node:worker_threads';
     const samples = [];
     for (let index = 0; index < 4; index++) {
       const worker = new Worker(${JSON.stringify(worker)});
       const ended = once(worker, 'exit');
       await once(worker, 'message');
       if (${String(isTerminated)}) await worker.terminate();
       await ended;
       samples.push({ threads: readdirSync('/proc/self/task').length, mb: process.memoryUsage.rss() / 2 ** 20 });
     }
     console.log(JSON.stringify(samples));`,
  );
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect({ status, signal, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  const samples = JSON.parse(stdout) as [
    { threads: number; mb: number },
    ...(readonly { threads: number; mb: number }[]),
  ];
  const [first] = samples;
  const last = samples.at(-1) ?? first;
  return { threads: last.threads - first.threads, mb: last.mb - first.mb };
}

const TRAIN = `
  const strategy = new MirroredStrategy({ devices: 2, engine: 'tensorflow' });
  const model = strategy.scope(() => tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 1 })] }));
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const train = () => model.fit(tf.ones([16, 3]), tf.ones([16, 1]), { batchSize: 4, verbose: 0 });
  await train();
  ready();`;

describe.skipIf(TENSORFLOW_FILES === undefined || process.platform !== 'linux')('a worker thread', () => {
  it.each([
    ['ends', `useBackend(); tf.ones([4]).add(1).dataSync(); ready();`, false],
    // TensorFlow makes one thread for the whole process at its first ops.
    [
      'is terminated while it computes',
      `useBackend(); tf.ones([64]).add(1).dataSync(); ready(); for (;;) tf.tidy(() => tf.ones([64]).add(1));`,
      true,
    ],
    ['ends after training on two devices', TRAIN, false],
    ['is terminated while it trains on two devices', `${TRAIN} for (;;) await train();`, true],
  ])('that %s leaves no thread of TensorFlow behind', (name, body, isTerminated) => {
    expect(threadsAndMemory(name.replaceAll(' ', '-'), body, isTerminated).threads).toBeLessThanOrEqual(0);
  });

  it('ends when it is terminated before all replicas have come to their first collective', () => {
    const body = `
      const { EagerExecutor } = await import(${JSON.stringify(`${dist}tensorflow/eager-executor.js`)});
      const { execute1 } = EagerExecutor.prototype;
      let replicas = 0;
      EagerExecutor.prototype.execute1 = function (op, ...rest) {
        if (op === 'CollectiveReduceV2' && ++replicas === 2) {
          ready();
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        }
        return execute1.call(this, op, ...rest);
      };
      ${TRAIN}`;
    expect(() => threadsAndMemory('first-collective', body, true)).not.toThrow();
  });

  it.each([
    ['at its end', 'ready();', false],
    ['at process.exit', `parentPort.postMessage('ready', []); process.exit(0);`, false],
    [
      'after an error',
      `process.on('uncaughtException', () => process.exit(0)); ready(); throw new Error('its own');`,
      false,
    ],
    ['when it is terminated', 'ready(); for (;;) tf.tidy(() => tf.ones([64]).add(1));', true],
  ])('frees its tensors %s', (when, end, isTerminated) => {
    const body = `useBackend(); const kept = tf.ones([64, 2 ** 18]).add(1); kept.sum().dataSync(); ${end}`;
    expect(threadsAndMemory(`memory-${when.replaceAll(' ', '-')}`, body, isTerminated).mb).toBeLessThan(100);
  });

  it('has bound every function before its first op, since koffi cannot when the thread is terminated', () => {
    const body = `
      useBackend();
      const lazy = Object.entries(Object.getOwnPropertyDescriptors(session.context.api)).filter(
        ([name, { get }]) => /^TFE?_/.test(name) && get !== undefined,
      );
      if (lazy.length > 0) throw new Error(lazy.map(([name]) => name).join());
      ready();`;
    expect(() => threadsAndMemory('bound', body, false)).not.toThrow();
  });

  it('can use its tensors in listeners that run at its end', () => {
    const body = `
      useBackend();
      const kept = tf.ones([4]);
      kept.add(1).dataSync();
      process.on('exit', () => {
        const sum = kept.sum();
        if (sum.dataSync()[0] !== 4) throw new Error('a wrong value');
        tf.dispose([kept, sum]);
      });
      ready();`;
    expect(threadsAndMemory('listener', body, false).threads).toBeLessThanOrEqual(0);
  });
});
