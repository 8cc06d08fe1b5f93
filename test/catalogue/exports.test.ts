/** The exports for which a module may be replaced by another are there, in the module that takes its place. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { JAVASCRIPT_APIS } from '../../src/catalogue/javascript-apis.js';

const NODE_MODULES = join(import.meta.dirname, '../../node_modules');
/** The parts of tfjs as tfjs itself finds them. */
const requirePart = createRequire(createRequire(import.meta.url).resolve('@tensorflow/tfjs'));

const replaced = JAVASCRIPT_APIS.flatMap(({ id, fix }) =>
  fix?.kind === 'replace-module' && fix.to !== '@tensorflow/tfjs-node'
    ? [{ id, to: fix.to, names: fix.exports ?? [] }]
    : [],
);

describe.each(replaced)('$id', ({ to, names }) => {
  it('is replaced by a module that exists', () => {
    expect(existsSync(join(NODE_MODULES, to))).toBe(true);
  });

  it('is replaced only for names that are there', () => {
    const exported = names.length === 0 ? {} : (requirePart(to) as object);
    expect(names.filter((name) => !(name in exported))).toEqual([]);
  });
});

describe('the modules that are gone', () => {
  const gone = JAVASCRIPT_APIS.flatMap(({ match }) => (match.by === 'module' ? match.specifiers : [])).filter(
    (specifier) =>
      specifier.startsWith('@tensorflow/tfjs') && specifier.endsWith('.js') && !specifier.includes('tfjs-node'),
  );

  it.each(gone)('%s is not in the installed package', (specifier) => {
    expect(existsSync(join(NODE_MODULES, specifier))).toBe(false);
  });
});
