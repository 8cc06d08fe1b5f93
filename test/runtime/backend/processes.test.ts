/** Runs the built runtime in child processes: exits, signals, worker threads, wrong libraries. Needs dist/. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { describeWithTensorFlow, TENSORFLOW_FILES } from '../tensorflow/describe-with-tensorflow.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const backendUrl = new URL('../../../dist/runtime/backend/index.js', import.meta.url).href;
const runtimeUrl = new URL('../../../dist/runtime/index.js', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'processes-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PREAMBLE = `
import { createRequire } from 'node:module';
const tf = createRequire(${JSON.stringify(join(root, 'package.json'))})('@tensorflow/tfjs');
const { useBackend, config, withDevice } = await import(${JSON.stringify(backendUrl)});
`;

function script(name: string, body: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, PREAMBLE + body);
  return path;
}

function run(
  name: string,
  body: string,
  environment: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, script(name, body)], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, ...environment },
  });
  return { status, signal, stdout: stdout.trim(), stderr };
}

describeWithTensorFlow('a process', () => {
  it('exits with 0 after it used TensorFlow', () => {
    const outcome = run('plain', `useBackend(); const x = tf.ones([4]).add(1); console.log(await x.data());`);
    expect(outcome).toMatchObject({ status: 0, signal: null });
    expect(outcome.stdout).toContain('2');
  });

  it('exits with the code of process.exit during asynchronous reads', () => {
    const outcome = run('exit', `useBackend(); void tf.ones([2048, 2048]).data(); process.exit(7);`);
    expect(outcome).toMatchObject({ status: 7, signal: null });
  });

  it('exits with 1 and prints the error when it throws', () => {
    const outcome = run('throws', `useBackend(); tf.ones([2]).add(1); throw new Error('of the user');`);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('of the user');
  });

  // Recording runs thousands of small matrix products on the main thread.
  const train = `
    const { MirroredStrategy } = await import(${JSON.stringify(runtimeUrl)});
    const model = new MirroredStrategy({ devices: 1, engine: 'tensorflow' }).scope(() => {
      const built = tf.sequential();
      const initializers = { kernelInitializer: 'glorotUniform', recurrentInitializer: 'glorotUniform' };
      built.add(tf.layers.lstm({ inputShape: [8, 28], units: 64, returnSequences: true, ...initializers }));
      built.add(tf.layers.lstm({ units: 64, ...initializers }));
      built.add(tf.layers.dense({ units: 10 }));
      built.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
      return built;
    });
    for (let step = 0; step < 5; step++) await model.trainOnBatch(tf.ones([32, 8, 28]), tf.ones([32, 10]));
    console.log('done');`;

  it('trains under the CPU profiler, whose signals arrive during matrix kernels', () => {
    const outcome = run('profiled', train, {}, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    expect(outcome).toMatchObject({ status: 0, signal: null, stdout: 'done' });
  });

  it('trains while the program handles signals', () => {
    const outcome = run(
      'signalled',
      `const { spawn } = await import('node:child_process');
       useBackend();
       tf.ones([1]).dataSync();
       // Installs the handler only after TensorFlow has started.
       let signals = 0;
       process.on('SIGUSR2', () => signals++);
       spawn('bash', ['-c', 'while kill -USR2 ' + process.pid + '; do :; done'], { stdio: 'ignore' });
       ${train}
       process.exit(signals > 100 ? 0 : 1);`,
    );
    expect(outcome).toMatchObject({ status: 0, signal: null, stdout: 'done' });
  });

  /** With `attempt(3)`, replica 0 gets two rows and takes `rounds` × 20 ms or more, and replica 1 gets one row. */
  const slow = (rounds: number, timeoutSeconds = 0.2): string => `
    const { MirroredStrategy } = await import(${JSON.stringify(runtimeUrl)});
    const strategy = new MirroredStrategy({ devices: 2, engine: 'tensorflow', communicationOptions: { timeoutSeconds: ${String(timeoutSeconds)} } });
    class SlowWithTwoRows extends tf.layers.Layer {
      static className = 'SlowWithTwoRows';
      call(inputs) {
        const [input] = [inputs].flat();
        if (input.shape[0] !== 2) return input;
        let sums = input.sum().mul(tf.ones([4000000]));
        for (let time = 0; time < ${String(rounds)}; time++) sums = tf.cumsum(sums);
        return input.add(sums.slice(0, 1).mul(0));
      }
    }
    const model = strategy.scope(() => {
      const built = tf.sequential({ layers: [new SlowWithTwoRows({ inputShape: [3] }), tf.layers.dense({ units: 1, name: 'last' })] });
      built.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      return built;
    });
    const weights = () => JSON.stringify(model.getWeights().map((weight) => weight.arraySync()));
    const attempt = (rows) => model.fit(tf.ones([rows, 3]), tf.ones([rows, 1]), { batchSize: rows, verbose: 0 }).then(({ history }) => history.loss[0], ({ code, message }) => ({ code, message }));`;
  const message = expect.stringMatching(
    /^The train step's collective CollectiveReduceV2_\d+ of gradient of last\/bias \[1\], gradient of last\/kernel \[3,1\], loss \[\] waited for longer than 2 s\. Arrived: 1 \(\S+CPU:1\)\. Missing: 0 \(\S+CPU:0\)\.$/,
  ) as string;

  it('reports one error per step when a replica stalls longer than the timeout, and can continue to train', () => {
    const outcome = run(
      'waiting',
      // The timeout must be long enough for a busy machine: the other steps must not time out.
      `${slow(100, 2)}
       const losses = [await attempt(2)];
       const before = weights();
       const failures = [await attempt(3), await attempt(3)];
       const kept = weights() === before;
       for (let step = 0; step < 5; step++) losses.push(await attempt(2));
       console.log(JSON.stringify({ failures, kept, falling: losses.every((loss, index) => index === 0 || loss < losses[index - 1]) }));`,
    );
    expect(outcome).toMatchObject({ status: 0, signal: null });
    expect(JSON.parse(outcome.stdout)).toEqual({
      failures: [
        { code: 'COLLECTIVE_TIMEOUT', message },
        { code: 'COLLECTIVE_TIMEOUT', message },
      ],
      kept: true,
      falling: true,
    });
  }, 150_000);

  it('names the missing replica while an operation that cannot be cancelled stalls the step', () => {
    const outcome = run('held', `${slow(80)} const { code } = await attempt(3); console.log(code);`);
    expect(outcome).toMatchObject({ status: 0, signal: null, stdout: 'COLLECTIVE_TIMEOUT' });
    // On a busy machine, a line may say before that no replica has come so far.
    const reported = outcome.stderr.split('\n').filter((line) => /^mirrorscope: .* was cancelled /.test(line));
    expect(reported).toEqual([
      expect.stringMatching(
        /^mirrorscope: The train step's collective \S+ of gradient of last\/bias .*Missing: 0 \(\S+CPU:0\)\. It was cancelled \d+ s ago/,
      ),
    ]);
  }, 150_000);

  it('trains without a watchdog, and warns, when it cannot start a thread', () => {
    const forbidden = `const { syncBuiltinESMExports, createRequire: require_ } = await import('node:module');
      require_(import.meta.url)('node:worker_threads').Worker = class { constructor() { throw new Error('no threads here'); } };
      syncBuiltinESMExports();`;
    const outcome = run(
      'threadless',
      `${forbidden} ${slow(0)} console.log(typeof (await attempt(2)), typeof (await attempt(2)));`,
    );
    expect(outcome).toMatchObject({ status: 0, signal: null, stdout: 'number number' });
    expect(outcome.stderr.match(/mirrorscope: the watchdog does not run, .*no threads here/g)).toHaveLength(1);
  });

  it.each([
    ['at the end of the program', '', 0],
    ['from process.exit', 'process.exit(5);', 5],
  ])('exits %s while the watchdog watches steps', (_, end, status) => {
    const body = `
      const { MirroredStrategy } = await import(${JSON.stringify(runtimeUrl)});
      const model = new MirroredStrategy({ devices: 2, engine: 'tensorflow' }).scope(() => tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 1 })] }));
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      for (let step = 0; step < 20; step++) await model.trainOnBatch(tf.ones([4, 3]), tf.ones([4, 1]));
      console.log('trained');`;
    expect(run(`watched-${String(status)}`, body + end)).toMatchObject({ status, signal: null, stdout: 'trained' });
    // Runs it in a worker thread: when the thread ends, its watchdog ends too, but the program continues.
    const worker = script(`watched-worker-${String(status)}`, body + end);
    const outcome = run(
      `watched-in-worker-${String(status)}`,
      `const { Worker } = await import('node:worker_threads');
       const code = await new Promise((resolve) => new Worker(${JSON.stringify(worker)}).once('exit', resolve));
       console.log(code);`,
    );
    expect(outcome).toMatchObject({ status: 0, signal: null });
    expect(outcome.stdout.split('\n').sort()).toEqual([String(status), 'trained'].sort());
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is killed by %s while it computes', async (signal) => {
    const path = script(
      `signal-${signal}`,
      `useBackend(); console.log('ready'); const x = tf.ones([256, 256]);
       for (;;) { tf.tidy(() => { tf.matMul(x, x); }); await new Promise((resolve) => setImmediate(resolve)); }`,
    );
    const child = spawn(process.execPath, [path], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const asked = performance.now();
    child.kill(signal);
    expect((await ended)[1]).toBe(signal);
    expect(performance.now() - asked).toBeLessThan(5000);
  });

  it('loads neither koffi nor TensorFlow.js nor TensorFlow when mirrorscope is imported', () => {
    const path = join(folder, 'lazy.mjs');
    writeFileSync(
      path,
      `import { createRequire } from 'node:module'; import { readFileSync } from 'node:fs';
       await import(${JSON.stringify(new URL('../../../dist/runtime/index.js', import.meta.url).href)});
       const loaded = Object.keys(createRequire(import.meta.url).cache).filter((name) => /koffi|tfjs/.test(name));
       console.log(JSON.stringify({ loaded, maps: readFileSync('/proc/self/maps', 'utf8').includes('libtensorflow') }));`,
    );
    const { stdout } = spawnSync(process.execPath, [path], { cwd: root, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual({ loaded: [], maps: false });
  });

  it('computes in two worker threads at once', () => {
    const worker = script(
      'worker',
      `import { parentPort, workerData } from 'node:worker_threads';
       useBackend();
       const model = tf.sequential();
       model.add(tf.layers.dense({ inputShape: [4], units: 1, kernelInitializer: 'zeros' }));
       model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
       const x = tf.ones([16, 4]);
       const history = await model.fit(x, tf.fill([16, 1], workerData), { epochs: 30, verbose: 0 });
       parentPort.postMessage({ prediction: model.predict(x).dataSync()[0] });`,
    );
    const outcome = run(
      'threads',
      `import { Worker } from 'node:worker_threads';
       const start = (target) => new Promise((resolve, reject) => {
         const worker = new Worker(${JSON.stringify(worker)}, { workerData: target });
         worker.once('message', ({ prediction }) => worker.once('exit', (code) => resolve({ prediction, code })));
         worker.once('error', reject);
       });
       const outcomes = await Promise.all([start(1), start(2)]);
       useBackend();
       console.log(JSON.stringify([...outcomes, tf.ones([2]).sum().dataSync()[0]]));`,
    );
    expect(outcome.stderr.includes('Error')).toBe(false);
    expect(outcome).toMatchObject({ status: 0, signal: null });
    const [first, second, third] = JSON.parse(outcome.stdout) as [
      { prediction: number; code: number },
      { prediction: number; code: number },
      number,
    ];
    expect([first.code, second.code, third]).toEqual([0, 0, 2]);
    expect(first.prediction).toBeCloseTo(1, 2);
    expect(second.prediction).toBeCloseTo(2, 2);
  });
});

const TELL = `
try { useBackend(); tf.ones([1]).add(1).dataSync(); console.log('used'); }
catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint, alive: tf.version.tfjs !== undefined })); }`;

describe('an unusable library', () => {
  it('is reported when the file is not a library', () => {
    const path = join(folder, 'libtensorflow.so.2');
    writeFileSync(path, 'this is not a library');
    const outcome = run('no-library', TELL, { MIRRORSCOPE_LIBTENSORFLOW: path });
    expect(outcome.status).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining(path) as string,
      alive: true,
    });
  });

  it('is reported when the library is not TensorFlow', () => {
    const native = fileURLToPath(new URL('../../../node_modules/@koromix', import.meta.url));
    const found =
      readdirSync(native, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.node')) ?? '';
    const path = join(folder, 'libother.so');
    copyFileSync(join(native, found), path);
    const outcome = run('other-library', TELL, { MIRRORSCOPE_LIBTENSORFLOW: path });
    expect(outcome.status).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('does not export') as string,
    });
  });

  it('is reported when the path does not exist', () => {
    const outcome = run('no-path', TELL, { MIRRORSCOPE_LIBTENSORFLOW: join(folder, 'nowhere') });
    expect(outcome.status).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      hint: expect.stringContaining('mirrorscope doctor') as string,
    });
  });
});

const oldest = process.env['MIRRORSCOPE_OLDEST_PYTHON_ENV'];
if (oldest) {
  describe('a process in which an addon has loaded another TensorFlow', () => {
    it('uses that copy', () => {
      const site = join(
        oldest,
        'lib',
        readdirSync(join(oldest, 'lib')).find((name) => name.startsWith('python')) as string,
        'site-packages',
      );
      const library = join(site, 'tensorflow', 'libtensorflow_cc.so.2');
      const outcome = run(
        'beside',
        `const koffi = createRequire(${JSON.stringify(join(root, 'package.json'))})('koffi');
         koffi.load(${JSON.stringify(library)}, { global: true });
         useBackend();
         const { session } = await import(${JSON.stringify(backendUrl)});
         console.log(session.context.version, tf.ones([2]).add(1).dataSync()[0]);`,
      );
      expect(outcome).toMatchObject({ status: 0, signal: null });
      expect(outcome.stdout).toMatch(/^2\.\d+\.\d+ 2$/);
      expect(outcome.stdout.startsWith(TENSORFLOW_FILES?.version ?? '')).toBe(false);
    });
  });

  describe('the oldest supported TensorFlow', () => {
    it('loads, computes and trains', () => {
      const outcome = run(
        'oldest',
        `useBackend();
         const { session } = await import(${JSON.stringify(backendUrl)});
         const model = tf.sequential();
         model.add(tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, activation: 'relu' }));
         model.add(tf.layers.flatten());
         model.add(tf.layers.dense({ units: 1 }));
         model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
         const { history } = await model.fit(tf.ones([8, 6, 6, 1]), tf.ones([8, 1]), { epochs: 5, verbose: 0 });
         console.log(JSON.stringify({ version: session.context.version, losses: history.loss }));`,
        { VIRTUAL_ENV: oldest },
      );
      expect(outcome.status).toBe(0);
      const { version, losses } = JSON.parse(outcome.stdout) as { version: string; losses: number[] };
      expect(version).not.toBe(TENSORFLOW_FILES?.version);
      expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    });
  });
}
