/** Runs every `js` block of docs/runtime.md, and checks that it prints what its comments say. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/runtime.md'), 'utf8');
const blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1] as string);
let folder = '';

/** A project with mirrorscope and TensorFlow.js in its node_modules. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirrorscope-docs-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/mirrorscope'));
  symlinkSync(join(root, 'node_modules/@tensorflow'), join(folder, 'node_modules/@tensorflow'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function promised(block: string): string[] {
  return [...block.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1] as string);
}

// Runs against the built package, as users do.
describe.skipIf(!existsSync(join(root, 'dist/runtime/index.js')))('docs/runtime.md', () => {
  test('has examples', () => {
    expect(blocks).toHaveLength(5);
  });

  test.each(blocks.map((block, index) => [index + 1, block] as const))('example %i', (number, block) => {
    const file = join(folder, `example-${number}.mjs`);
    writeFileSync(file, block);
    const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
      encoding: 'utf8',
      env: { ...process.env, MIRRORSCOPE_ENGINE: 'logical' },
    });
    expect(status, stderr).toBe(0);
    const lines = stdout
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('=') && !line.startsWith('Hi, looks like'));
    expect(lines).toEqual(promised(block));
    expect(promised(block).length).toBeGreaterThan(0);
  });
});
