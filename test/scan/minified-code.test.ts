/** Which files count as minified. */
import { describe, expect, it } from 'vitest';

import { isMinified } from '../../src/scan/minified-code.js';

const SIZE = 100_000;

const filled = (line: string): Buffer => Buffer.from(line.repeat(Math.ceil(SIZE / line.length)));

describe('isMinified', () => {
  it.each([
    ['code in one line', filled('function a(b){return b.c(1);}')],
    ['a license above code in a few lines', Buffer.concat([Buffer.from('/*! MIT */\n'), filled('var a={b:1};a.b();')])],
  ])('is true for %s', (_, content) => {
    expect(isMinified(content)).toBe(true);
  });

  it.each([
    ['code in short lines', filled('const a = b(1);\n')],
    ['an image in a long line below code', filled('const image = "')],
    ['a table of numbers in a long line', filled('1, 2, 3, ')],
    ['a small file', Buffer.from('var a={b:1};'.repeat(100))],
    ['an empty file', Buffer.alloc(0)],
  ])('is false for %s', (_, content) => {
    expect(isMinified(content)).toBe(false);
  });
});
