/**
 * Runs each fixture before the migration, on one device with a `multiGpuModel` that returns its model, and after it, on
 * two replicas. Both runs have to end with the same weights.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { getStrategy, MirroredStrategy } from '../../../../src/runtime/index.js';
import { javaScriptFixtures } from '../../../support/javascript-fixtures.js';

const fixtures = new Map(javaScriptFixtures('multi-gpu-model').map((fixture) => [fixture.name, fixture]));
const TOLERANCE = 4e-5;

/** The names that a fixture needs from its surroundings, and the code that starts a fixture of declarations. */
const RUNS: readonly (readonly [name: string, start: string])[] = [
  ['import-named', ''],
  ['import-aliased', ''],
  ['branch-else-alias', ''],
  ['branch-same-name', ''],
  ['branch-same-name-no-braces', 'await build({ gpus: 2 }).fit(x, y, { epochs: 2 });'],
  ['branch-guard-expression', 'await build(2).fit(x, y, { epochs: 2 });'],
  ['branch-builds-in-each', 'await build(2).fit(x, y, { epochs: 2 });'],
  ['branch-builds-in-each', 'await build(1).fit(x, y, { epochs: 2 });'],
  ['branch-compiles-in-each', ''],
  ['class-method', 'const n = new Network(); n.build(2); await n.parallel.fit(x, y);'],
  ['model-in-other-method', 'const n = new Network(2); n.build(); n.parallelize(); n.compile(); await n.train(x, y);'],
  ['model-in-other-method-devices-from-constructor', 'await new Trainer(2).train(x, y);'],
  ['model-in-other-method-same-name', 'const n = new Network(); n.start(); await n.model.fit(x, y);'],
  ['predict-on-batch', ''],
  ['custom-layer', ''],
  ['ternary-inline-build', ''],
  ['try-fallback-assigns-template', ''],
  ['try-fallback-logs-only', 'await prepare(2).fit(x, y);'],
  ['trains-before-wrap', ''],
  ['compile-again-in-loop', 'await search([0.1, 0.01]);'],
  ['model-parameter-all-callers-in-file', 'await other(); await main();'],
  ['data-loaded-before-compile', ''],
  ['names-used-after-scope', ''],
  ['template-and-parallel-model', 'await train(x, y);'],
  ['devices-array', 'await model.fit(x, y, { epochs: 2 });'],
];

const AsyncFunction = (async () => Promise.resolve()).constructor as new (
  ...parameters: string[]
) => (...values: unknown[]) => Promise<void>;

/** Module syntax as plain statements over the names that are provided. */
function asScript(code: string, start: string): string {
  const body = code
    .replace(/^import (?:\* as )?\w+ from .*;$/gm, '')
    .replace(/^import \{ ([^}]+) \} from .*;$/gm, (_all, names: string) =>
      names
        .split(',')
        .flatMap((name) =>
          name.includes(' as ') ? [`const ${name.split(' as ')[1]} = ${name.split(' as ')[0]};`] : [],
        )
        .join(' '),
    )
    .replace(/^(?:const|var) (?:\w+|\{[^}]+\}) = require\(.*\);$/gm, '')
    .replace(/^module\.exports = .*;$/gm, '')
    .replace(/^export (?=async function|function|const|class)/gm, '');
  return `${body}\n${start}`;
}

/** Seeded, so that every run starts from the same weights. */
function seeded(seed: number): tf.serialization.ConfigDict {
  return { kernelInitializer: tf.initializers.glorotUniform({ seed }) } as unknown as tf.serialization.ConfigDict;
}

/** TensorFlow.js for the code under test: layers with the same weights in each run; records every model. */
function watchedTensorFlow(models: tf.LayersModel[]): typeof tf {
  let seed = 0;
  const note = <M extends tf.LayersModel>(model: M): M => {
    models.push(model);
    return model;
  };
  const layers = {
    ...tf.layers,
    dense: (options: object) => tf.layers.dense({ ...seeded(++seed), ...options } as never),
  };
  return {
    ...tf,
    layers: Object.assign(Object.create(tf.layers) as typeof tf.layers, layers),
    sequential: (options?: tf.SequentialArgs) => note(tf.sequential(options)),
    model: (options: Parameters<typeof tf.model>[0]) => note(tf.model(options)),
    loadLayersModel: () => Promise.resolve(note(linear(99, 4))),
  };
}

function linear(seed: number, inputs: number): tf.Sequential {
  return tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [inputs], ...seeded(seed) })] });
}

/** Runs code and returns the weights of every model that it creates. */
async function weightsAfter(code: string, start: string): Promise<Float32Array[]> {
  const models: tf.LayersModel[] = [];
  const watched = watchedTensorFlow(models);
  const inputs = /units: 1, inputShape: \[1\]/.test(code) ? 1 : 4;
  const x = tf.tensor2d(
    Array.from({ length: 8 * inputs }, (_, index) => Math.sin(index)),
    [8, inputs],
  );
  const outputs = code.includes('units: 4, inputShape: [4]') && !code.includes('units: 1') ? 4 : 1;
  const y = tf.tensor2d(
    Array.from({ length: 8 * outputs }, (_, index) => (index % 3 === 0 ? 1 : 0)),
    [8, outputs],
  );
  const build = (): tf.Sequential => {
    const model = linear(7, inputs);
    models.push(model);
    return model;
  };
  const provided: Record<string, unknown> = {
    tf: watched,
    x,
    y,
    xs: x,
    ys: y,
    shape: [inputs],
    parallel: true,
    big: true,
    multiGpuModel: (model: unknown) => model,
    multi_gpu_model: (model: unknown) => model,
    MirroredStrategy,
    getStrategy,
    createModel: build,
    createGenerator: build,
    createDiscriminator: build,
    loadData: () => Promise.resolve({ x, y }),
    optimizerFor: (rate: number) => tf.train.sgd(rate),
    plotModel: () => undefined,
    gpus: code.includes('gpus.length') ? [0, 1] : 2,
    console: { log: () => undefined, warn: () => undefined },
    process: { env: { GPUS: '2' } },
  };
  // The targets here are not classes, and the code must not save files.
  const script = asScript(code, start)
    .replaceAll('categoricalCrossentropy', 'meanSquaredError')
    .replaceAll(/(?:await )?model\.save\(.*\);/g, '');
  // Do not provide names that the code declares itself.
  const names = Object.keys(provided).filter(
    (name) =>
      !new RegExp(`^(?:const|let|var|function|class) (?:${name}\\b|\\{.*\\b${name}\\b.*\\} =)`, 'm').test(script),
  );
  await new AsyncFunction(...names, script)(...names.map((name) => provided[name]));
  const weights: Float32Array[] = [];
  for (const model of models)
    for (const weight of model.getWeights()) weights.push((await weight.data()) as Float32Array);
  return weights;
}

describe('migrated code trains the same weights as the original', () => {
  it.each(RUNS)('%s %s', async (name, start) => {
    const fixture = fixtures.get(name);
    if (fixture === undefined) throw new Error(`There is no fixture ${name}.`);
    const { input, expected } = fixture;
    const before = await weightsAfter(input, start);
    const after = await weightsAfter(expected, start);
    expect(before.length).toBeGreaterThan(0);
    expect(after.length).toBe(before.length);
    after.forEach((weights, index) => {
      weights.forEach((weight, at) => {
        expect(Math.abs(weight - (before[index]?.[at] ?? NaN))).toBeLessThanOrEqual(TOLERANCE);
      });
    });
  });
});
