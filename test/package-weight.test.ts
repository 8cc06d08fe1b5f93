/** What an installation of the package costs. Runs against the built package. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const MEGABYTE = 1e6;

/** A project whose every file changes; the model of `train.ts` is built in another file. */
const PROJECT = {
  'train.py': `from tensorflow import keras
from tensorflow.keras.utils import multi_gpu_model
model = keras.Sequential([keras.layers.Dense(1, input_shape=(4,))])
parallel = multi_gpu_model(model, gpus=2)
parallel.compile('sgd', 'mse')
`,
  'model.ts': `import * as tf from '@tensorflow/tfjs';
export const model: tf.Sequential = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
`,
  'train.ts': `import { multiGpuModel } from '@tensorflow/tfjs-layers';
import { model } from './model.js';
const parallel = multiGpuModel(model, 2);
parallel.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
`,
};

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

/** The packages that compiled code or its declarations import, by file. */
function importedPackages(extension: '.js' | '.d.ts'): [file: string, name: string][] {
  return readdirSync(path.join(root, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !file.startsWith('vendor'))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, 'dist', file), 'utf8');
      return [...text.matchAll(/^(?:import|export)[^'"`;]* from '(@[^/']+\/[^/']+|[^@./'][^/']*)[^']*';$/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !name.startsWith('node:'))
        .map((name): [string, string] => [file.replaceAll(path.sep, '/'), name]);
    });
}

/** The declarations that the package's entry points import, directly or not. */
function reachedDeclarations(): string[] {
  const entries = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [] : [entry.types]));
  const reached = new Set(entries.map((file) => path.posix.normalize(file)));
  for (const file of reached) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+)\.js'/gm)) {
      const imported = `${path.posix.join(path.posix.dirname(file), name)}.d.ts`;
      if (existsSync(path.join(root, imported))) reached.add(imported);
    }
  }
  return [...reached];
}

describe('the package', () => {
  const [pack] = JSON.parse(
    spawnSync('npm', ['pack', '--dry-run', '--json'], { cwd: root, encoding: 'utf8', shell: true }).stdout,
  ) as [{ readonly unpackedSize: number; readonly files: readonly { readonly path: string }[] }];
  const files = pack.files.map((file) => file.path);

  it('unpacks to less than 14 MB', () => {
    expect(pack.unpackedSize).toBeLessThan(14 * MEGABYTE);
  });

  it('installs one package besides itself', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['koffi']);
  });

  it('holds every declaration that its entry points reach', () => {
    const reached = reachedDeclarations();
    expect(reached.length).toBeGreaterThan(100);
    expect(reached.filter((file) => !files.includes(file))).toEqual([]);
  });

  it('holds no source map, whose sources it does not hold', () => {
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
  });

  it('holds the licences of the packages that it bundles', () => {
    expect(files).toContain('dist/vendor/LICENSES.txt');
    const licences = readFileSync(path.join(root, 'dist/vendor/LICENSES.txt'), 'utf8');
    for (const name of ['typescript', '@typescript-eslint/parser', 'h5wasm', 'tree-sitter-python', 'web-tree-sitter'])
      expect(licences).toMatch(new RegExp(`^${name} [0-9]`, 'm'));
  });

  it('imports only packages that it declares', () => {
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    expect(importedPackages('.js').length).toBeGreaterThan(0);
    expect(importedPackages('.js').filter(([, name]) => !declared.includes(name))).toEqual([]);
  });

  it('parses TypeScript and Python, follows imports, reads HDF5 and protocol buffers without any other package', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-alone-'));
    try {
      const installed = path.join(folder, 'node_modules/mirrorscope');
      for (const name of ['dist', 'schema', 'package.json'])
        cpSync(path.join(root, name), path.join(installed, name), { recursive: true });
      for (const [name, text] of Object.entries(PROJECT)) writeFileSync(path.join(folder, name), text);
      const run = (...parameters: string[]): string => {
        const { stdout, stderr } = spawnSync(process.execPath, parameters, { cwd: folder, encoding: 'utf8' });
        expect(stderr).toBe('');
        return stdout;
      };
      const diff = run(path.join(installed, 'dist/cli/bin.js'), 'migrate');
      for (const name of Object.keys(PROJECT)) expect(diff).toContain(`+++ b/${name}`);
      const doctor = run(path.join(installed, 'dist/cli/bin.js'), 'doctor');
      for (const name of ['typescript', '@typescript-eslint/parser', 'web-tree-sitter'])
        expect(doctor).toMatch(new RegExp(`✓ ${name} +comes with mirrorscope`));
      const modules = ['weights/hdf5.js', 'runtime/tensorflow/protobuf/messages.js'];
      for (const name of modules) run('--eval', `import(${JSON.stringify(path.join(installed, 'dist', name))})`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
