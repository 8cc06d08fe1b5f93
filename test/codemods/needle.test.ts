import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { allOf, anyOf, literalsOf, type Needle, word } from '../../src/codemods/needle.js';
import { textCondition } from '../../src/codemods/needle-condition.js';
import { createNeedleSearch } from '../../src/scan/needle-search.js';

const inText = (needle: Needle, text: string): boolean => textCondition([needle])(text);
const inBytes = (needle: Needle, text: string): boolean => createNeedleSearch([needle])(Buffer.from(text));

describe('conditions', () => {
  it('match only whole words', () => {
    for (const text of ['lr', '(lr=1)', 'x.lr', 'élr', 'lrate clr lr', 'a\nlr'])
      expect(inText(word('lr'), text)).toBe(true);
    for (const text of ['', 'lrate', 'clr', '_lr', 'lr_', 'lr2', 'l r']) expect(inText(word('lr'), text)).toBe(false);
  });

  it('ignore a JSON escape directly before a word', () => {
    for (const text of ['"\\nlr=1"', '"\\tlr"', '"\\u003dlr"', '"\\u000alr"'])
      expect(inText(word('lr'), text)).toBe(true);
    for (const text of ['"nlr"', '"\\u00lr"', '\\u模0alr']) {
      expect(inText(word('lr'), text)).toBe(false);
      expect(inBytes(word('lr'), text)).toBe(false);
    }
  });

  it('can be combined', () => {
    const needle = allOf('keras', anyOf(word('lr'), 'generator'));
    for (const text of ['keras lr', 'fit_generator of keras']) expect(inText(needle, text)).toBe(true);
    for (const text of ['keras', 'lr', 'keras clr', 'generator']) expect(inText(needle, text)).toBe(false);
    expect(inText(anyOf(), 'anything')).toBe(false);
    expect(literalsOf([needle, 'keras'])).toEqual(['keras', 'lr', 'generator']);
  });

  it('match bytes and text alike, as a simple model does', () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', 'b', '_', ' ', '\\', 'n', 'u', '0', 'é', '模'),
      maxLength: 24,
    });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 3 });
    const { needle } = fc.letrec<{ needle: Needle }>((tie) => ({
      needle: fc.oneof(
        { maxDepth: 3 },
        name,
        name.map(word),
        fc.array(tie('needle'), { maxLength: 3 }).map((all) => ({ all })),
        fc.array(tie('needle'), { maxLength: 3 }).map((any) => ({ any })),
      ),
    }));
    const plainly = (condition: Needle, text: string): boolean => {
      if (typeof condition === 'string') return text.includes(condition);
      if ('word' in condition)
        return new RegExp(
          `(?:(?<![A-Za-z0-9_])|(?<=\\\\(?:.|u[0-9a-f]{4})))${condition.word}(?![A-Za-z0-9_])`,
          's',
        ).test(text);
      return 'all' in condition
        ? condition.all.every((part) => plainly(part, text))
        : condition.any.some((part) => plainly(part, text));
    };
    fc.assert(
      fc.property(needle, piece, (condition, text) => {
        expect(inBytes(condition, text)).toBe(inText(condition, text));
        // A non-ASCII character can take several bytes, so there the result may differ from that of the simple model.
        if (/^[\0-\x7f]*$/.test(text)) expect(inText(condition, text)).toBe(plainly(condition, text));
      }),
    );
  });
});
