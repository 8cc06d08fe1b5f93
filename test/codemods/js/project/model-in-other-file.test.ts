/** A model that one file builds and another file wraps: both files change, or neither. */
import { describe, expect, it } from 'vitest';

import { migrateAcrossFiles } from '../../../../src/codemods/across-files/migrate-across-files.js';
import { type MigratedFile } from '../../../../src/codemods/across-files/project-file.js';
import { migrateText, migrationEnvironment } from '../../../../src/codemods/engine.js';
import { type SourceFiles } from '../../../../src/codemods/migration.js';

const ROOT = '/project';

type Contents = Readonly<Record<string, string>>;

/** The texts that a run over these files writes, by path, without unchanged files. */
async function migrate(contents: Contents): Promise<Record<string, string>> {
  const texts = new Map(Object.entries(contents).map(([name, text]) => [`${ROOT}/${name}`, text]));
  const files: SourceFiles = {
    read: (path) => texts.get(path),
    isDirectory: (path) => [...texts.keys()].some((file) => file.startsWith(`${path}/`)),
  };
  const options = { root: ROOT, files, only: ['multi-gpu-model'] };
  const alone: MigratedFile[] = [];
  for (const [path, text] of Object.entries(contents))
    alone.push({ path, text, result: await migrateText(path, text, options) });
  const readOriginal = (path: string): string | undefined => contents[path];
  const together = await migrateAcrossFiles(alone, {
    ...migrationEnvironment(options),
    root: ROOT,
    files,
    readOriginal,
  });
  for (const { result } of together) expect(result.error).toBeUndefined();
  const results = new Map([...alone, ...together].map(({ path, result }) => [path, result]));
  return Object.fromEntries(
    [...results].flatMap(([path, { output }]) => (output === undefined ? [] : [[path, output]])),
  );
}

const TRAIN = `import { multiGpuModel } from 'keras-js';
import { model } from './model.js';

const parallel = multiGpuModel(model, 2);
parallel.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
await parallel.fit(x, y);
`;

const TRAINED = `import { model, strategy } from './model.js';

strategy.scope(() => model.compile({ optimizer: 'adam', loss: 'meanSquaredError' }));
await model.fit(x, y);
`;

describe('a model from another file', () => {
  it('is built in the scope of a strategy that its file declares and both files use', async () => {
    const model = `import * as tf from '@tensorflow/tfjs';

/** The model. */
export const model = tf.sequential();
model.add(tf.layers.dense({ units: 1, inputShape: [1] }));

export const name = 'linear';
`;
    expect(await migrate({ 'train.js': TRAIN, 'model.ts': model })).toEqual({
      'train.js': TRAINED,
      'model.ts': `import * as tf from '@tensorflow/tfjs';
import { MirroredStrategy } from 'mirrorscope';

export const strategy = new MirroredStrategy({ devices: 2 });
/** The model. */
export const model = strategy.scope(() => {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 1, inputShape: [1] }));
  return model;
});

export const name = 'linear';
`,
    });
  });

  it('is migrated as a default export, in a file that also wraps another model', async () => {
    const train = `import { multiGpuModel } from 'keras-js';
import linear from './model.js';

const other = multiGpuModel(createModel(), 4);
const parallel = multiGpuModel(linear);
parallel.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
`;
    const model = `const model = createModel();\nexport default model;\n`;
    expect(await migrate({ 'train.mjs': train, 'model.js': model })).toEqual({
      'train.mjs': `import { MirroredStrategy } from 'mirrorscope';
import linear, { strategy } from './model.js';

const strategy2 = new MirroredStrategy({ devices: 4 });
const other = strategy2.scope(() => createModel());
strategy.scope(() => linear.compile({ optimizer: 'adam', loss: 'meanSquaredError' }));
`,
      'model.js': `import { MirroredStrategy } from 'mirrorscope';
export const strategy = new MirroredStrategy();
const model = strategy.scope(() => createModel());
export default model;
`,
    });
  });

  it.each([
    [
      'only the wrapping file knows the devices',
      { 'train.js': TRAIN.replace(', 2)', ', gpus)'), 'model.js': 'export const model = createModel();\n' },
    ],
    ['the file is missing', { 'train.js': TRAIN }],
    ['the file does not parse', { 'train.js': TRAIN, 'model.js': 'export const model = ;\n' }],
    [
      'it is built in a function',
      { 'train.js': TRAIN, 'model.js': 'export let model;\nexport function build() { model = createModel(); }\n' },
    ],
    ['it is no model that is built there', { 'train.js': TRAIN, 'model.js': `export { model } from './other.js';\n` }],
    ['it comes from a package', { 'train.js': TRAIN.replace('./model.js', 'models') }],
  ])('stays unchanged, like the other file, when %s', async (_name, contents) => {
    expect(await migrate(contents)).toEqual({});
  });
});
