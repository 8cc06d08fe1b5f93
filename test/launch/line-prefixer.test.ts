import fc from 'fast-check';
import { expect, test } from 'vitest';

import { LinePrefixer } from '../../src/launch/line-prefixer.js';

/** The output for a text that arrives in chunks of the given sizes. */
function prefixed(text: string, sizes: readonly number[]): string {
  const prefixer = new LinePrefixer('> ');
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  let start = 0;
  for (const size of sizes) {
    parts.push(prefixer.push(bytes.subarray(start, start + size)));
    start += size;
  }
  parts.push(prefixer.push(bytes.subarray(start)), prefixer.end());
  return Buffer.concat(parts).toString();
}

test('every line gets the prefix once, however the bytes are cut', () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '')));
  fc.assert(
    fc.property(lines, fc.array(fc.nat(7)), fc.boolean(), (texts, sizes, endsWithNewline) => {
      const text = texts.join('\n') + (endsWithNewline ? '\n' : '');
      const whole = text === '' ? [] : text.replace(/\n$/, '').split('\n');
      const expected = text === '' ? '' : whole.map((line) => `> ${line}\n`).join('');
      expect(prefixed(text, sizes)).toBe(expected);
    }),
  );
});

test('only whole lines come out', () => {
  const prefixer = new LinePrefixer('> ');
  expect(prefixer.push(Buffer.from('one\ntw')).toString()).toBe('> one\n');
  expect(prefixer.push(Buffer.from('o')).toString()).toBe('');
  expect(prefixer.end().toString()).toBe('> two\n');
  expect(prefixer.end().length).toBe(0);
});

test('a line without end is written in parts', () => {
  const prefixer = new LinePrefixer('');
  let written = 0;
  for (let round = 0; round < 100; round++) written += prefixer.push(Buffer.alloc(10_000, 'a')).length;
  expect(written).toBeGreaterThan(900_000);
});
