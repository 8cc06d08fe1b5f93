/**
 * Runs every `js` block of docs/tensorflow.md on the built package: it must print what its comments say. Needs dist/.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

const root = resolve(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/tensorflow.md'), 'utf8');
const blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1] as string);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorflow-docs-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/mirrorscope'));
  symlinkSync(join(root, 'node_modules/@tensorflow'), join(folder, 'node_modules/@tensorflow'));
  symlinkSync(join(root, '.venv'), join(folder, '.venv'));
  writeFileSync(join(folder, 'package.json'), '{}');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describeWithTensorFlow('docs/tensorflow.md', () => {
  it('has examples', () => {
    expect(blocks).toHaveLength(3);
  });

  it.each(blocks.map((block, index) => [index + 1, block] as const))('example %i', (number, block) => {
    const file = join(folder, `example-${number}.mjs`);
    writeFileSync(file, block);
    const { stdout, stderr, status } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const promised = [...block.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1] as string);
    expect(promised.length).toBeGreaterThan(0);
    for (const line of promised) expect(stdout.split('\n')).toContain(line);
  });
});
