import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createNeedleSearch } from '../../src/scan/needle-search.js';

describe('createNeedleSearch', () => {
  it('finds a needle at the start, inside and at the end', () => {
    const search = createNeedleSearch(['keras']);
    for (const text of ['keras', 'import keras', 'keras-js', 'a\0keras\0b'])
      expect(search(Buffer.from(text))).toBe(true);
    expect(search(Buffer.from('kera s'))).toBe(false);
    expect(search(Buffer.alloc(0))).toBe(false);
  });

  it('matches nothing without needles', () => {
    expect(createNeedleSearch([])(Buffer.from('anything'))).toBe(false);
  });

  it('treats needles as literals, including non-ASCII characters', () => {
    const many = ['a.b', '(x)', '[y]', '$z', '^q', 'm|n', 'k+', 'ü', '模型', '\\d'];
    const search = createNeedleSearch(many);
    for (const needle of many) expect(search(Buffer.from(`-- ${needle} --`))).toBe(true);
    for (const text of ['aXb', 'x', 'm', '7', 'u', '模']) expect(search(Buffer.from(text))).toBe(false);
  });

  it('gives the same result as a search in text, for few and many needles', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '.', '|'), minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 20 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'é', '.', '|', 'c'), maxLength: 30 }),
        (needles, text) => {
          expect(createNeedleSearch(needles)(Buffer.from(text))).toBe(needles.some((needle) => text.includes(needle)));
        },
      ),
    );
  });

  it('gives the same result as a search in text when needles contain each other, including non-ASCII characters', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '模'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'é', '模'), maxLength: 30 }),
        (needles, text) => {
          const each = needles.map((needle) => ({ all: [needle] }));
          expect(createNeedleSearch([{ all: each }])(Buffer.from(text))).toBe(
            needles.every((needle) => text.includes(needle)),
          );
        },
      ),
    );
  });
});
