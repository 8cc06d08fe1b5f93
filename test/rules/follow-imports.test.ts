/** Names that another file of the project re-exports: the rule reads that file, unless an option turns that off. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Linter } from 'eslint';
import { afterAll, beforeAll, expect, it } from 'vitest';

import plugin from '../../src/rules/index.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirrorscope-lint-'));
  mkdirSync(join(folder, 'compat'));
  writeFileSync(join(folder, 'compat', 'index.js'), `export * from './keras.js';\n`);
  writeFileSync(join(folder, 'compat', 'keras.js'), `export { multiGpuModel } from 'keras';\n`);
  writeFileSync(join(folder, 'own.js'), `export function multiGpuModel(model) { return model; }\n`);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** How many times `no-multi-gpu-model` reports in a file that imports the name from `from` and exports it. */
function reports(
  from: string,
  options: { followImports?: boolean } = {},
  where: Linter.LintOptions = { filename: join(folder, 'train.js') },
): number {
  const code = `import { multiGpuModel } from '${from}';\nexport const parallel = multiGpuModel;\n`;
  const config: Linter.Config = {
    plugins: { mirrorscope: plugin },
    rules: { 'mirrorscope/no-multi-gpu-model': ['error', options] },
  };
  const messages = new Linter({ cwd: folder }).verify(code, config, where);
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages.length;
}

it('follows a re-export', () => {
  expect(reports('./compat/keras.js')).toBe(1);
});

it('follows an export of everything', () => {
  expect(reports('./compat/index.js')).toBe(1);
});

it('ignores a function of the same name', () => {
  expect(reports('./own.js')).toBe(0);
});

it('ignores a missing file', () => {
  expect(reports('./missing.js')).toBe(0);
});

it('follows nothing with followImports: false', () => {
  expect(reports('./compat/keras.js', { followImports: false })).toBe(0);
});

it('follows nothing from text that is not in a file', () => {
  expect(reports('./compat/keras.js', {}, {})).toBe(0);
});
