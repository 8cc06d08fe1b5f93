/** Folders that a stranger may have made: what is in them is read with bounds, and never fails another file. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { addFiles, temporaryTree, treeContents } from '../scan/temporary-tree.js';

import { mirrorscope } from './command.js';
import { type JsonReport, parseReport } from './json-output.js';
import { LEGACY } from './legacy-sources.js';

const GOOD = `from keras.utils import multi_gpu_model
from keras.models import Sequential
m = Sequential()
p = multi_gpu_model(m, 2)
p.compile("sgd", "mse")
`;
function checkReport(root: string): JsonReport {
  return parseReport(mirrorscope(root, ['check', '--format', 'json']).stdout);
}

const IMPORT = 'from keras.utils import multi_gpu_model\n';

describe.skipIf(process.platform === 'win32')('a pipe or a device', () => {
  const pipe = (file: string): void => void spawnSync('mkfifo', [file]);
  const zero = (file: string): void => {
    symlinkSync('/dev/zero', file);
  };
  const settings = ['.gitignore', 'requirements.txt', 'tsconfig.json', 'package.json', 'setup.cfg', 'pyproject.toml'];

  it.each([
    ['pipe', pipe],
    ['endless device', zero],
  ])('in the place of sources and settings is passed by: %s', (_, put) => {
    const root = temporaryTree({
      'train.py': GOOD,
      'train.ts': `import { build } from './helper.js';\nimport '@app/other';\n${LEGACY}build();\n`,
      'uses.py': `from helper import build\n${GOOD.replace('Sequential()', 'build()')}`,
    });
    for (const name of [...settings, 'helper.py', 'helper.ts', 'x.py']) put(path.join(root, name));
    const { code, stdout } = mirrorscope(root, ['check', '--format', 'json']);
    expect(code).toBe(1);
    expect(stdout).toContain('"path": "train.py"');
    expect(stdout).toContain('"path": "train.ts"');
  });

  it('in the place of what tsconfig.json extends is passed by', () => {
    const root = temporaryTree({
      'tsconfig.json': '{"extends": "./base.json", "compilerOptions": {"paths": {"@app/*": ["./*"]}}}',
      'train.ts': `import '@app/other';\n${LEGACY}`,
      'wrap.ts':
        "import { wrap } from '@app/helper';\nimport { multiGpuModel } from 'keras-js';\nwrap(multiGpuModel(m, 2));\n",
    });
    pipe(path.join(root, 'base.json'));
    expect(mirrorscope(root, ['check']).code).toBe(1);
  });

  it('in the place of the configuration is an error that says so', () => {
    const root = temporaryTree({ 'train.py': GOOD });
    pipe(path.join(root, 'mirrorscope.config.json'));
    const { code, stderr } = mirrorscope(root, ['check']);
    expect(code).toBe(2);
    expect(stderr).toContain('mirrorscope.config.json');
  });
});

describe('links in circles', () => {
  it('end, also in a folder without sources', () => {
    const root = temporaryTree({ 'a/b/readme.txt': '' });
    symlinkSync('.', path.join(root, 'self'));
    symlinkSync('..', path.join(root, 'a/up'));
    symlinkSync('../../a', path.join(root, 'a/b/around'));
    expect(mirrorscope(root, ['check']).code).toBe(0);
    addFiles(root, { 'a/b/train.py': GOOD });
    expect(checkReport(root).files.map(({ path: name }) => name)).toEqual(['a/b/train.py']);
  });
});

describe('patterns', () => {
  it('are matched in linear time, whoever wrote them', () => {
    const pattern = `${'*a'.repeat(40)}b`;
    const root = temporaryTree({
      '.gitignore': `${pattern}\n${'**/'.repeat(30)}${pattern}\n`,
      'mirrorscope.config.json': JSON.stringify({ exclude: [pattern, '{a,b}'.repeat(12)] }),
      'requirements.txt': `keras${'==1'.repeat(5000)}\n${'tensorflow['.repeat(3000)}\n`,
      'setup.cfg': `install_requires = ${'keras=='.repeat(5000)}\n`,
      [`${'a'.repeat(200)}.py`]: GOOD,
    });
    const started = performance.now();
    expect(mirrorscope(root, ['check', '--target', 'auto']).code).toBe(1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

it('a virtual environment is left alone, also without git', () => {
  const root = temporaryTree({
    'train.py': GOOD,
    'env/pyvenv.cfg': 'home = /usr',
    'env/lib/python3.9/site-packages/keras_thing/a.py': GOOD,
    'env/own.py': GOOD,
    '.tox/py39/b.py': GOOD,
    '__pypackages__/3.9/lib/c.py': GOOD,
  });
  mirrorscope(root, ['migrate', '--write']);
  const changed = Object.entries(treeContents(root)).filter(([name, text]) => /\.py$/.test(name) && text !== GOOD);
  expect(changed.map(([name]) => name)).toEqual(['train.py']);
});

describe('a file that nests too deeply', () => {
  const depth = 5000;
  const brackets = '('.repeat(depth) + '1' + ')'.repeat(depth);
  const lists = '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['brackets in Python', 'deep.py', `${IMPORT}from good import p\nx = ${brackets}\nmulti_gpu_model(x, 2)\n`],
    ['signs in Python', 'deep.py', `${IMPORT}from good import p\nx = ${'-'.repeat(depth)}1\nmulti_gpu_model(x, 2)\n`],
    [
      'calls in Python',
      'deep.py',
      `${IMPORT}from good import p\nx = p${'.a()'.repeat(depth)}\nmulti_gpu_model(x, 2)\n`,
    ],
    ['sums in Python', 'deep.py', `${IMPORT}from good import p\nx = ${'1 + '.repeat(depth)}1\nmulti_gpu_model(x, 2)\n`],
    ['brackets in JavaScript', 'deep.js', `import { multiGpuModel } from 'keras-js';\nmultiGpuModel(${lists}, 2);\n`],
    [
      'blocks in JavaScript',
      'deep.js',
      `import { multiGpuModel } from 'keras-js';\n${'{'.repeat(depth)}${'}'.repeat(depth)}`,
    ],
    ['calls in TypeScript', 'deep.ts', `import { multiGpuModel } from 'keras-js';\nx${'.a()'.repeat(depth)};\n`],
    [
      'lists in a notebook',
      'deep.ipynb',
      `{"metadata": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "cells": [{"cell_type": "code", "source": ${JSON.stringify(GOOD)}}]}`,
    ],
  ])('is reported, and no other file fails: %s', (_, name, text) => {
    const root = temporaryTree({ 'good.py': GOOD, 'good.js': LEGACY, [name]: text });
    const { files } = checkReport(root);
    const outcome = new Map(files.map((file) => [file.path, file.error?.code ?? file.status]));
    expect(outcome.get(name)).toBe('TOO_LARGE');
    expect(outcome.get('good.py')).toBe('changed');
    expect(outcome.get('good.js')).toBe('changed');
  });
});

describe('a large file', () => {
  it('of a million lines is reported', { timeout: 240_000 }, () => {
    const root = temporaryTree({
      'a.py': `${IMPORT}${'x = 1\n'.repeat(1e6)}multi_gpu_model(x, 2)\n`,
      'b.js': `import { multiGpuModel } from 'keras-js';\n${'x = 1;\n'.repeat(1e6)}multiGpuModel(x, 2);\n`,
      'good.py': GOOD,
    });
    const outcome = checkReport(root).files.map((file) => [file.path, file.error?.code ?? file.status]);
    expect(outcome).toEqual([
      ['a.py', 'TOO_LARGE'],
      ['b.js', 'TOO_LARGE'],
      ['good.py', 'changed'],
    ]);
  });

  it('of generated code with thousands of findings is migrated in little time', { timeout: 240_000 }, () => {
    let text = "import * as tf from '@tensorflow/tfjs';\n";
    for (let index = 0; text.length < 1e6; index++)
      text += `export function f${index}(a, b) {\n  const c = tf.tensor(a).add(b.x${index});\n  return c.get(0, ${index}) + c.addStrict(b);\n}\n`;
    const root = temporaryTree({ 'generated.js': text });
    const started = process.hrtime.bigint();
    const { code, stdout } = mirrorscope(root, ['check']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\d{4,} places/);
    expect(Number(process.hrtime.bigint() - started) / 1e9).toBeLessThan(150);
  });

  it('with a long chain of layers is migrated in little time', { timeout: 240_000 }, () => {
    const root = temporaryTree({
      'chain.py': `${IMPORT}from keras.layers import Dense, Input\nfrom keras.models import Model\ninputs = x = Input((1,))\n${'x = Dense(1)(x)\n'.repeat(1000)}m = multi_gpu_model(Model(inputs, x), 2)\nm.compile('sgd', 'mse')\n`,
    });
    expect(checkReport(root).files[0]?.status).toBe('changed');
  });

  it('can be a notebook with sixty megabytes of outputs, in little memory', { timeout: 240_000 }, () => {
    const outputs = [{ output_type: 'display_data', metadata: {}, data: { 'image/png': 'QUJD'.repeat(15e6) } }];
    const cell = { cell_type: 'code', execution_count: 1, metadata: {}, outputs, source: GOOD.split(/(?<=\n)/) };
    const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 2 };
    const root = temporaryTree({ 'big.ipynb': JSON.stringify(notebook) });
    const options = { environment: { NODE_OPTIONS: '--max-old-space-size=600' } };
    expect(mirrorscope(root, ['migrate', '--write'], options).code).toBe(0);
    const text = readFileSync(path.join(root, 'big.ipynb'), 'utf8');
    expect(text.length).toBeGreaterThan(60e6);
    expect(text).toContain('strategy.scope()');
  });
});

it('two hundred files that re-export in a circle are followed to the end', { timeout: 240_000 }, () => {
  const count = 200;
  const files: Record<string, string> = {};
  for (let index = 0; index < count; index++)
    files[`m${index}.js`] =
      `export * from './m${(index + 1) % count}.js';\nexport { multiGpuModel as wrap${index} } from './m${(index + 7) % count}.js';\n`;
  files['m0.js'] = `${files['m0.js'] ?? ''}export { multiGpuModel } from 'keras-js';\n`;
  files['train.js'] = "import { wrap5 } from './m3.js';\nconst m = wrap5(build(), 2);\nm.compile({});\n";
  const root = temporaryTree(files);
  const train = checkReport(root).files.find((file) => file.path === 'train.js');
  expect(train?.findings.map(({ api }) => api)).toEqual(['multiGpuModel']);
});

it('marks are not repeated, however often the command runs', () => {
  const root = temporaryTree({
    'a.py': `${IMPORT}def f(model):\n    g(multi_gpu_model(model, 2))\n    return model\n`,
    'b.js': "import { multiGpuModel } from 'keras-js';\nexport function f(m) {\n  return g(multiGpuModel(m, n));\n}\n",
  });
  mirrorscope(root, ['migrate', '--write', '--mark']);
  const once = treeContents(root);
  expect(Object.values(once).join('')).toContain('TODO(mirrorscope)');
  for (let run = 0; run < 2; run++) mirrorscope(root, ['migrate', '--write', '--mark']);
  expect(treeContents(root)).toEqual(once);
});

it('a folder that is named like a temporary file is ignored', () => {
  const name = `.mirrorscope-${spawnSync(process.execPath, ['-e', '']).pid}-0123456789ab.tmp`;
  const root = temporaryTree({ 'a.js': LEGACY, [`${name}/kept`]: '' });
  expect(mirrorscope(root, ['migrate', '--write']).code).toBe(0);
  expect(existsSync(path.join(root, name, 'kept'))).toBe(true);
});

it('a program in the configuration of a repository does not run', () => {
  const root = temporaryTree({ 'a.js': LEGACY, '.gitattributes': '* filter=evil\n' });
  const git = (...words: string[]): void => void spawnSync('git', words, { cwd: root });
  git('init', '-q');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'start');
  const witness = path.join(root, 'witness');
  writeFileSync(path.join(root, 'evil.sh'), `#!/bin/sh\ntouch ${witness}\ncat\n`, { mode: 0o755 });
  git('config', 'core.fsmonitor', path.join(root, 'evil.sh'));
  git('config', 'filter.evil.clean', path.join(root, 'evil.sh'));
  expect(mirrorscope(root, ['migrate', '--write']).code).toBe(0);
  expect(existsSync(witness)).toBe(false);
});
