/** Which modules `import 'mirrorscope'` loads, from ES modules and CommonJS. Each test runs a child process. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let folder = '';

/** A project that has mirrorscope and TensorFlow.js installed. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirrorscope-modules-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(name: string, source: string): { stdout: string; stderr: string } {
  const file = join(folder, name);
  writeFileSync(file, source);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', file], {
    encoding: 'utf8',
    env: { ...process.env, MIRRORSCOPE_ENGINE: 'logical' },
  });
  expect(stderr + stdout, `${name} ends with an error`).toSatisfy(() => status === 0);
  return { stdout, stderr };
}

const built = join(root, 'dist/runtime/index.js');
const entry = JSON.stringify(built);

/** Lists every module that the process loads: ES modules through a load hook, CommonJS modules through the cache. */
const LOADED = `
import { createRequire, register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';
const { port1, port2 } = new MessageChannel();
const hook = 'let port; export function initialize(data) { port = data.port; }' +
  'export async function load(url, context, next) { port.postMessage(url); return next(url, context); }';
register('data:text/javascript,' + encodeURIComponent(hook), { data: { port: port2 }, transferList: [port2] });
const loaded = [];
port1.on('message', (url) => loaded.push(url));
port1.unref();
const runtime = await import(${entry});
await new Promise((done) => setTimeout(done, 50));
const list = () => [...loaded, ...Object.keys(createRequire(import.meta.url).cache)];
`;

// Users load the built package. The tests are skipped if it is not built.
describe.skipIf(!existsSync(built))('the built runtime', () => {
  test('import loads no parser, no TensorFlow.js and no native library', () => {
    const { stdout } = run(
      'list.mjs',
      `${LOADED}
      console.log(JSON.stringify({ files: list(), names: Object.keys(runtime) }));`,
    );
    const { files, names } = JSON.parse(stdout) as { files: string[]; names: string[] };
    expect(names).toContain('MirroredStrategy');
    expect(files.some((file) => file.endsWith('dist/runtime/index.js'))).toBe(true);
    const heavy = /node_modules\/(?!@bufbuild\/)|dist\/(?:cli|codemods|rules|scan|report|catalogue)\//;
    expect(files.filter((file) => heavy.test(file))).toEqual([]);
  });

  test('the logical engine loads TensorFlow.js, and no native library', () => {
    const { stdout } = run(
      'logical.mjs',
      `${LOADED}
      new runtime.MirroredStrategy({ devices: 2 }).scope(() => {});
      console.log(JSON.stringify(list()));`,
    );
    const files = JSON.parse(stdout) as string[];
    expect(files.some((file) => file.includes('@tensorflow/tfjs/'))).toBe(true);
    expect(files.filter((file) => /node_modules\/(?:koffi|typescript)\/|libtensorflow/.test(file))).toEqual([]);
  });

  const PROGRAM = `
    const sizes = [];
    const loss = (target, output) => {
      sizes.push(target.shape[0]);
      return tf.losses.meanSquaredError(target, output);
    };
    const strategy = new MirroredStrategy({ devices: 2 });
    const model = strategy.scope(() => {
      const model = tf.sequential();
      model.add(tf.layers.dense({ units: 1, inputShape: [2] }));
      model.compile({ optimizer: 'sgd', loss });
      return model;
    });
    model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { verbose: 0 }).then(() => console.log(JSON.stringify(sizes)));`;

  const canRequireModules = process.features.require_module;
  test.skipIf(!canRequireModules)('require from CommonJS', () => {
    const { stdout } = run(
      'program.cjs',
      `const tf = require('@tensorflow/tfjs');
      const { MirroredStrategy } = require(${entry});
      ${PROGRAM}`,
    );
    expect(stdout.trim().split('\n').at(-1)).toBe('[2,2]');
  });

  test.skipIf(!canRequireModules)('import and require in one program share strategies and models', () => {
    const { stdout } = run(
      'mixed.mjs',
      `import { createRequire } from 'node:module';
      import { MirroredStrategy } from ${entry};
      const require = createRequire(import.meta.url);
      const tf = require('@tensorflow/tfjs');
      if (require(${entry}).MirroredStrategy !== MirroredStrategy) throw new Error('two copies of mirrorscope');
      ${PROGRAM}`,
    );
    expect(stdout.trim().split('\n').at(-1)).toBe('[2,2]');
  });

  test('verbose fit shows progress in plain Node.js, and the logical engine warns once that it is no faster', () => {
    const { stdout, stderr } = run(
      'verbose.mjs',
      `import * as tf from '@tensorflow/tfjs';
      import { MirroredStrategy } from ${entry};
      const epochs = [];
      const model = new MirroredStrategy({ devices: 2 }).scope(() => {
        const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
        model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'] });
        return model;
      });
      new MirroredStrategy({ devices: 3 });
      await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 2, verbose: 1, callbacks: {
        onEpochEnd: (epoch, logs) => epochs.push([epoch, Object.keys(logs)]) } });
      console.log(JSON.stringify(epochs));`,
    );
    expect(JSON.parse(stdout.trim().split('\n').at(-1) as string)).toEqual([
      [0, ['loss', 'mae']],
      [1, ['loss', 'mae']],
    ]);
    expect(stderr.split('mirrorscope: ')).toHaveLength(2);
  });

  test('models of a second installed copy of TensorFlow.js are distributed, too; a copy that is loaded too late causes a warning', () => {
    const { stdout, stderr } = run(
      'copy.cjs',
      `const fs = require('node:fs'), path = require('node:path');
      // The same version under another path has other classes, but the same engine.
      const source = path.dirname(require.resolve('@tensorflow/tfjs-layers/package.json'));
      const copy = path.join(__dirname, 'copy', 'tfjs-layers');
      fs.mkdirSync(path.join(copy, 'dist'), { recursive: true });
      fs.copyFileSync(path.join(source, 'dist/tf-layers.node.js'), path.join(copy, 'dist/tf-layers.node.js'));
      const core = require('@tensorflow/tfjs');
      const layers = require(path.join(copy, 'dist/tf-layers.node.js'));
      if (layers.LayersModel === core.LayersModel) throw new Error('not another copy');
      const tf = { ...core, sequential: layers.sequential, layers: layers.layers };
      const { MirroredStrategy } = require(${entry});
      ${PROGRAM}
      const late = path.join(copy, 'dist/late-tf-layers.js');
      fs.copyFileSync(path.join(copy, 'dist/tf-layers.node.js'), late);
      strategy.scope(() => { require(late); });`,
    );
    expect(stderr).toContain('another copy of TensorFlow.js was loaded inside strategy.scope');
    expect(stdout.trim().split('\n').at(-1)).toBe('[2,2]');
  });
});
