/** Follows the function through modules of the project: barrels, path aliases, CommonJS. */
import { describe, expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';
import { type SourceFiles } from '../../../../src/codemods/migration.js';

const ROOT = '/project';

/** Files that exist only in this test. */
function filesOf(contents: Readonly<Record<string, string>>): SourceFiles {
  const texts = new Map(Object.entries(contents).map(([name, text]) => [`${ROOT}/${name}`, text]));
  return {
    read: (path) => texts.get(path),
    isDirectory: (path) => [...texts.keys()].some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`)),
  };
}

async function migrate(path: string, contents: Readonly<Record<string, string>>): Promise<string> {
  const result = await migrateText(path, contents[path] ?? '', {
    root: ROOT,
    files: filesOf(contents),
    only: ['multi-gpu-model'],
  });
  expect(result.error).toBeUndefined();
  return result.output ?? 'unchanged';
}

const use = (load: string, name = 'multiGpuModel'): string =>
  `${load}\nexport const model = ${name}(createModel(), 2);\n`;
const MIGRATED = `import { MirroredStrategy } from 'mirrorscope';\nconst strategy = new MirroredStrategy({ devices: 2 });\nexport const model = strategy.scope(() => createModel());\n`;

describe('a local module that exports the function of a package', () => {
  it.each([
    ['re-exports it', `export { multiGpuModel } from 'keras-js';`],
    ['re-exports everything', `export * from 'keras-js';`],
    ['imports and exports it', `import { multiGpuModel } from 'keras-js';\nexport { multiGpuModel };`],
    ['imports it under another name', `import { multi_gpu_model as m } from 'keras';\nexport { m as multiGpuModel };`],
    [
      'declares an alias',
      `import * as tf from '@tensorflow/tfjs';\nexport const multiGpuModel = tf.utils.multiGpuModel;`,
    ],
    ['is CommonJS', `exports.multiGpuModel = require('keras-js').multiGpuModel;`],
    [
      'is CommonJS with an object',
      `const { multiGpuModel } = require('keras-js');\nmodule.exports = { multiGpuModel };`,
    ],
    ['is CommonJS and re-exports everything', `module.exports = require('keras-js');`],
  ])('is followed when it %s', async (_name, compat) => {
    const contents = { 'src/train.js': use(`import { multiGpuModel } from './compat';`), 'src/compat.js': compat };
    expect(await migrate('src/train.js', contents)).toBe(MIGRATED);
  });

  it('is followed when it renames the function', async () => {
    const contents = {
      'train.js': `// multiGpuModel\n${use(`import { parallelize } from './compat/index.js';`, 'parallelize')}`,
      'compat/index.js': `export { multiGpuModel as parallelize } from 'keras-js';`,
    };
    expect(await migrate('train.js', contents)).toBe(`// multiGpuModel\n${MIGRATED}`);
  });

  it('is followed when the function is its default export', async () => {
    const contents = {
      'train.ts': use(`import multiGpuModel from './compat.js';`),
      'compat.ts': `import { multiGpuModel } from 'keras-js';\nexport default multiGpuModel;`,
    };
    expect(await migrate('train.ts', contents)).toBe(MIGRATED);
  });

  it('is followed when the function is a member of its namespace', async () => {
    const contents = {
      'train.js': use(`import * as compat from './compat';`, 'compat.multiGpuModel'),
      'compat.ts': `export { multiGpuModel } from 'keras-js';`,
    };
    expect(await migrate('train.js', contents)).toBe(MIGRATED);
  });

  it('is followed through several barrels, even circular ones', async () => {
    const contents = {
      'train.js': use(`import { multiGpuModel } from './a';`),
      'a.js': `export * from './b';\nexport * from './train';`,
      'b/index.ts': `export * from '../a';\nexport { multiGpuModel } from '../c.js';`,
      'c.mts': '',
      'c.ts': `export { multiGpuModel } from 'keras-js';`,
    };
    expect(await migrate('train.js', contents)).toBe(MIGRATED);
  });

  it('is followed through a path alias of the nearest tsconfig', async () => {
    const contents = {
      'app/src/train.ts': use(`import { multiGpuModel } from '@lib/gpu';`),
      'app/tsconfig.json': `{ // with a comment\n "extends": "../base.json" }`,
      'base.json': `{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }`,
      'lib/gpu.ts': `export { multiGpuModel } from 'keras-js';`,
    };
    expect(await migrate('app/src/train.ts', contents)).toBe(MIGRATED);
  });
});

describe('a local module of the same name', () => {
  it.each([
    ['with another function', `export function multiGpuModel(model) { return model; }`],
    [
      'that wraps the function',
      `import * as k from 'keras-js';\nexport const multiGpuModel = (model, n) => k.multiGpuModel(model, n + 1);`,
    ],
    ['that does not parse', `export { multiGpuModel from 'keras-js'`],
    ['that re-exports another package', `export { multiGpuModel } from 'other';`],
  ])('%s is left alone', async (_name, compat) => {
    expect(
      await migrate('train.js', { 'train.js': use(`import { multiGpuModel } from './compat';`), 'compat.js': compat }),
    ).toBe('unchanged');
  });

  it('that is missing is left alone', async () => {
    expect(await migrate('train.js', { 'train.js': use(`import { multiGpuModel } from './nowhere';`) })).toBe(
      'unchanged',
    );
  });

  it('in a package is left alone', async () => {
    const contents = {
      'train.js': use(`import { multiGpuModel } from 'helpers';`),
      'node_modules/helpers/index.js': `export { multiGpuModel } from 'keras-js';`,
      'node_modules/helpers/package.json': '{ "name": "helpers" }',
    };
    expect(await migrate('train.js', contents)).toBe('unchanged');
  });
});

describe('re-exports of many files', () => {
  const COUNT = 200;

  it('may be circular, and each file is read once', async () => {
    const names = Array.from({ length: COUNT }, (_, index) => index);
    const contents: Record<string, string> = {
      'train.js': `${use(`import { multiGpuModel, other } from './m0.js';`)}other();\n`,
      ...Object.fromEntries(
        names.map((index) => [
          `m${index}.js`,
          [1, 7, 2 * index + 1].map((step) => `export * from './m${(index + step) % COUNT}.js';\n`).join(''),
        ]),
      ),
    };
    contents['m150.js'] = `${contents['m150.js'] ?? ''}export { multiGpuModel } from 'keras-js';\n`;
    const reads = new Map<string, number>();
    const files = filesOf(contents);
    const counting: SourceFiles = {
      ...files,
      read(path) {
        const text = files.read(path);
        if (text?.includes('export *') === true) reads.set(path, (reads.get(path) ?? 0) + 1);
        return text;
      },
    };
    const { output } = await migrateText('train.js', contents['train.js'] ?? '', {
      root: ROOT,
      files: counting,
      only: ['multi-gpu-model'],
    });
    expect(output).toContain('new MirroredStrategy({ devices: 2 })');
    // The resolution of each import reads the file too, to see whether it exists.
    expect(Math.max(...reads.values())).toBeLessThan(20);
  });

  it('may be a chain of any length', async () => {
    const contents: Record<string, string> = {
      'train.js': use(`import { parallel0 as multiGpuModel } from './m0.js';`),
      [`m${COUNT}.js`]: `export { multiGpuModel as parallel${COUNT} } from 'keras-js';`,
    };
    for (let index = 0; index < COUNT; index++)
      contents[`m${index}.js`] =
        `// multiGpuModel\nexport { parallel${index + 1} as parallel${index} } from './m${index + 1}.js';`;
    expect(await migrate('train.js', contents)).toContain('new MirroredStrategy({ devices: 2 })');
  });

  it('may lead through the default export of a CommonJS module', async () => {
    const contents = {
      'train.js': use(`import keras from './compat.js';\nconst { multiGpuModel } = keras;`),
      'compat.js': `const { multiGpuModel } = require('keras-js');\nmodule.exports = { multiGpuModel };`,
    };
    expect(await migrate('train.js', contents)).toContain('new MirroredStrategy({ devices: 2 })');
  });

  it('may read a member of the file itself', async () => {
    const contents = {
      'train.js': use(`import { multiGpuModel } from './compat.js';`),
      'compat.js': `// multiGpuModel\nmodule.exports = require('./compat.js').keras;`,
    };
    expect(await migrate('train.js', contents)).toBe('unchanged');
  });
});

describe('a helper that only passes its parameters on', () => {
  const train = `import { spread } from './gpu.js';\nconst model = createModel();\nconst parallel = spread(model, 2);\nparallel.compile(options);\n`;
  const trained = `import { MirroredStrategy } from 'mirrorscope';\nconst strategy = new MirroredStrategy({ devices: 2 });\nconst model = strategy.scope(() => {\n  const model = createModel();\n  model.compile(options);\n  return model;\n});\n`;

  it.each([
    ['a function', `export function spread(model, gpus) {\n  return multiGpuModel(model, gpus);\n}`],
    ['an arrow function', `export const spread = (model, gpus) => multiGpuModel(model, gpus);`],
    ['exported below', `const spread = function (m, n) { return multiGpuModel(m, n); };\nexport { spread };`],
    ['CommonJS', `exports.spread = (model, gpus) => multiGpuModel(model, gpus);`],
  ])('counts as the function itself: %s', async (_name, helper) => {
    const contents = { 'train.js': train, 'gpu.js': `import { multiGpuModel } from 'keras-js';\n${helper}\n` };
    const reExportedNames = ['spread'];
    const options = { root: ROOT, files: filesOf(contents), only: ['multi-gpu-model'], reExportedNames };
    expect((await migrateText('train.js', train, options)).output).toBe(trained);
  });

  it.each([
    ['has a default value', `export const spread = (model, gpus = 4) => multiGpuModel(model, gpus);`],
    ['chooses the devices', `export const spread = (model) => multiGpuModel(model, 2);`],
    ['changes the order', `export const spread = (gpus, model) => multiGpuModel(model, gpus);`],
    ['does more', `export function spread(model, gpus) { log(); return multiGpuModel(model, gpus); }`],
    ['takes any number of arguments', `export const spread = (...values) => multiGpuModel(...values);`],
  ])('does not, if it %s', async (_name, helper) => {
    const contents = { 'train.js': train, 'gpu.js': `import { multiGpuModel } from 'keras-js';\n${helper}\n` };
    const options = {
      root: ROOT,
      files: filesOf(contents),
      only: ['multi-gpu-model'],
      reExportedNames: ['spread'],
    };
    expect((await migrateText('train.js', train, options)).output).toBeUndefined();
  });
});
