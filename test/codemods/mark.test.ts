import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { migrateText } from '../../src/codemods/engine.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** The inputs of fixtures of one file, of all languages. */
const INPUTS = ['python', 'tfjs-legacy', 'tfjs-node', 'multi-gpu-model', 'create-model-in-scope'].flatMap((group) =>
  readdirSync(path.join(FIXTURES, group), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^[^/\\]+[/\\]input\.\w+$/.test(name))
    .sort()
    .map((name) => path.join(group, name)),
);

it('adds the marks of every fixture once, however often it runs', { timeout: 120_000 }, async () => {
  let marked = 0;
  for (const [index, name] of INPUTS.entries()) {
    // A third of them is enough for one run of the tests.
    if (process.env.MIRRORSCOPE_ALL_MARKS === undefined && index % 3 !== 0) continue;
    const file = path.basename(name);
    const first = await migrateText(file, readFileSync(path.join(FIXTURES, name), 'utf8'), { mark: true });
    if (first.output?.includes('TODO(mirrorscope)') !== true) continue;
    marked++;
    const second = await migrateText(file, first.output, { mark: true });
    expect(second.output ?? first.output, name).toBe(first.output);
  }
  expect(INPUTS.length).toBeGreaterThan(500);
  expect(marked).toBeGreaterThan(100);
});
