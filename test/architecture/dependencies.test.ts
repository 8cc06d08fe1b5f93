/**
 * Holds the directions in which the folders of `src` may import each other. The rules are those of
 * `.dependency-cruiser.js`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterEach, describe, expect, test } from 'vitest';

import configuration from '../../.dependency-cruiser.js';

const ROOT = join(import.meta.dirname, '../..');

/** The violations of the project's rules in a folder that has a `src`, each as `rule: from → to`. */
async function violationsIn(baseDir: string): Promise<string[]> {
  const { output } = await cruise(['src'], {
    ...configuration.options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: configuration.forbidden as IForbiddenRuleType[] },
  });
  const { summary } = output as ICruiseResult;
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

test('every import of the project points in an allowed direction, and none closes a circle', async () => {
  expect(await violationsIn(ROOT)).toEqual([]);
}, 120_000);

describe('the rules find', () => {
  let folder: string | undefined;

  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  async function violationsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
    folder = mkdtempSync(join(tmpdir(), 'mirrorscope-dependencies-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return violationsIn(folder);
  }

  test.each([
    ['codemods', 'runtime'],
    ['runtime', 'codemods'],
    ['catalogue', 'codemods'],
    ['codemods', 'rules'],
    ['report', 'cli'],
    ['errors', 'catalogue'],
  ])('an import from %s to %s', async (from, to) => {
    const found = await violationsOf({
      [`src/${from}/lru-cache.ts`]: `import { other } from '../${to}/lru-cache.js';\nexport const one = other;\n`,
      [`src/${to}/lru-cache.ts`]: 'export const other = 1;\n',
    });
    expect(found).toEqual([`area-${from}: src/${from}/lru-cache.ts → src/${to}/lru-cache.ts`]);
  });

  test.each([
    ['trace', 'distribute'],
    ['distribute', 'layers'],
    ['distribute', 'engines'],
    ['layers', 'engines'],
    ['tfjs', 'backend'],
    ['tensorflow', 'tfjs'],
    ['backend', 'trace'],
  ])('a type import from the layer %s up to %s', async (from, to) => {
    const found = await violationsOf({
      [`src/runtime/${from}/one.ts`]: `import type { Other } from '../${to}/other.js';\nexport type One = Other;\n`,
      [`src/runtime/${to}/other.ts`]: 'export type Other = number;\n',
    });
    const rule = expect.stringMatching(/^runtime-layer-\d+: /) as string;
    expect(found).toEqual([rule]);
    expect(found[0]).toContain(`src/runtime/${from}/one.ts → src/runtime/${to}/other.ts`);
  });

  test('a circle, also of type imports', async () => {
    const found = await violationsOf({
      'src/errors/one.ts': "import type { Two } from './two.js';\nexport type One = Two;\n",
      'src/errors/two.ts': "import type { One } from './one.js';\nexport type Two = One | number;\n",
    });
    expect(found).toContain('no-circles: src/errors/one.ts → src/errors/two.ts');
  });

  test('a folder that is no area, and a file of the runtime in no layer', async () => {
    const found = await violationsOf({
      'src/utils/one.ts': "import { two } from './two.js';\nexport const one = two;\n",
      'src/utils/two.ts': 'export const two = 2;\n',
      'src/runtime/misc.ts': "import { three } from './lru-cache.js';\nexport const four = three;\n",
      'src/runtime/lru-cache.ts': 'export const three = 3;\n',
    });
    expect(found.toSorted()).toEqual([
      'every-file-has-an-area: src/runtime/misc.ts → src/runtime/lru-cache.ts',
      'every-file-has-an-area: src/utils/one.ts → src/utils/two.ts',
    ]);
  });
});
