/** Each kernel is in one table: a second definition would replace the first one without a word. */
import type { KernelTable } from '../../../src/runtime/backend/kernel.js';

import { readdirSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { KERNEL_CATALOGUE } from '../../../src/runtime/backend/kernels/kernel-catalogue.js';

const FOLDER = path.join(import.meta.dirname, '../../../src/runtime/backend/kernels');

it('no kernel is in two tables', async () => {
  const names: string[] = [];
  for (const file of readdirSync(FOLDER)) {
    const module = (await import(path.join(FOLDER, file))) as Record<string, KernelTable>;
    for (const [constant, table] of Object.entries(module))
      if (constant.endsWith('_KERNELS')) names.push(...Object.keys(table));
  }
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.sort()).toEqual(Object.keys(KERNEL_CATALOGUE).sort());
});
