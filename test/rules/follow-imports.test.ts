/** Names that another file of the project re-exports: the rule reads that file, unless told not to. */
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

afterAll(() => rmSync(folder, { recursive: true }));

/** Reports of `no-multi-gpu-model` for a file that passes on what it imports from a place. */
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

it('follows a file that re-exports it', () => expect(reports('./compat/keras.js')).toBe(1));

it('follows a file that re-exports all of another', () => expect(reports('./compat/index.js')).toBe(1));

it('leaves a function of that name alone', () => expect(reports('./own.js')).toBe(0));

it('leaves what is not there alone', () => expect(reports('./missing.js')).toBe(0));

it('does not follow when told not to', () => expect(reports('./compat/keras.js', { followImports: false })).toBe(0));

it('does not follow from text that is no file', () => expect(reports('./compat/keras.js', {}, {})).toBe(0));
