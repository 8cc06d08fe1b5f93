/** The edit functions, compared with a simple model. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyEdits } from '../../../src/codemods/edits/apply-edits.js';
import { decodeUtf8, splitByteOrderMark } from '../../../src/codemods/edits/encoded-text.js';
import { dominantNewline, indentUnit, withNewlinesOf } from '../../../src/codemods/edits/newlines.js';
import { findOverlap, overlaps, separateOverlapping } from '../../../src/codemods/edits/overlap.js';
import { originalOffset, positionsIn } from '../../../src/codemods/edits/positions.js';
import { type TextEdit } from '../../../src/codemods/result.js';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r\n', '\t', ' ', 'é', '𝒳', '`'), maxLength: 60 });

/** A text, and edits of it that share no more than an edge. */
const textAndEdits = text.chain((original) =>
  fc
    .array(fc.tuple(fc.nat(original.length), fc.nat(original.length), fc.string({ maxLength: 5 })), { maxLength: 8 })
    .map((raw) => {
      const edits: TextEdit[] = [];
      for (const [a, b, replacement] of raw) {
        const edit = { start: Math.min(a, b), end: Math.max(a, b), text: replacement };
        if (findOverlap([...edits, edit]) === undefined) edits.push(edit);
      }
      return { original, edits };
    }),
);

/** Applies edits character by character. */
function modelOf(original: string, edits: readonly TextEdit[]): string {
  let output = '';
  for (let offset = 0; offset <= original.length; offset++) {
    for (const edit of edits) if (edit.start === offset && edit.end === offset) output += edit.text;
    const replacing = edits.find((edit) => edit.start <= offset && offset < edit.end);
    if (replacing === undefined) output += original[offset] ?? '';
    else if (replacing.start === offset) output += replacing.text;
  }
  return output;
}

describe('applyEdits', () => {
  it('gives the same result as a simple model', () => {
    fc.assert(
      fc.property(textAndEdits, ({ original, edits }) => {
        expect(applyEdits(original, edits)).toBe(modelOf(original, edits));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every character outside the edits', () => {
    fc.assert(
      fc.property(textAndEdits, ({ original, edits }) => {
        const output = applyEdits(original, edits);
        for (let offset = 0; offset < output.length; offset++) {
          const back = originalOffset(offset, edits);
          const replaced = edits.some((edit) => edit.start <= back && (back < edit.end || back === edit.start));
          if (!replaced) expect(output[offset]).toBe(original[back]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('rejects overlapping edits', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20), (a, b, c, d) => {
        const one = { start: Math.min(a, b), end: Math.max(a, b), text: 'x' };
        const two = { start: Math.min(c, d), end: Math.max(c, d), text: 'y' };
        const apply = (): string => applyEdits('.'.repeat(20), [one, two]);
        if (overlaps(one, two)) expect(apply).toThrow(/overlap/);
        else expect(apply()).toHaveLength(20 - (one.end - one.start) - (two.end - two.start) + 2);
      }),
    );
  });

  it('postpones a change that overlaps with an earlier one', () => {
    const change = (...edits: TextEdit[]) => ({ findings: [], edits, safety: 'safe' as const });
    const first = change({ start: 0, end: 5, text: '' });
    const second = change({ start: 4, end: 6, text: '' }, { start: 9, end: 9, text: 'x' });
    const third = change({ start: 9, end: 9, text: 'y' });
    expect(separateOverlapping([first, second, third])).toEqual({ accepted: [first, third], postponed: [second] });
  });

  it('rejects edits outside the text', () => {
    expect(() => applyEdits('abc', [{ start: 2, end: 4, text: '' }])).toThrow(/outside/);
  });
});

describe('newlines', () => {
  it.each([
    ['a', '\n'],
    ['a\nb\r\nc\r\n', '\r\n'],
    ['a\nb\nc\r\n', '\n'],
    ['\n', '\n'],
  ])('of %j are %j', (sample, expected) => {
    expect(dominantNewline(sample)).toBe(expected);
  });

  it('in inserted text match the file', () => {
    expect(withNewlinesOf('a\r\nb', [{ start: 0, end: 0, text: 'x\ny\r\n' }])[0]?.text).toBe('x\r\ny\r\n');
  });

  it.each([
    ['a\n', '  '],
    ['a {\n\tb\n}\n', '\t'],
    ['a {\n    b {\n        c\n    }\n}\n', '    '],
    ['/**\n * a\n */\nb {\n  c\n}\n', '  '],
  ])('indentation of %j is %j', (sample, expected) => {
    expect(indentUnit(sample)).toBe(expected);
  });
});

describe('positions', () => {
  it('count lines and columns from one', () => {
    const position = positionsIn('ab\r\nc\n');
    expect([0, 1, 4, 6].map((offset) => position(offset))).toEqual([
      { offset: 0, line: 1, column: 1 },
      { offset: 1, line: 1, column: 2 },
      { offset: 4, line: 2, column: 1 },
      { offset: 6, line: 3, column: 1 },
    ]);
  });
});

describe('encoding', () => {
  it('separates a byte-order mark from the text', () => {
    const decoded = decodeUtf8(Buffer.from('\uFEFFa'), 'a.js');
    expect(splitByteOrderMark(decoded)).toEqual({ mark: '\uFEFF', body: 'a' });
    expect(splitByteOrderMark('a')).toEqual({ mark: '', body: 'a' });
  });

  it('rejects bytes that are not UTF-8', () => {
    expect(() => decodeUtf8(Buffer.from([0x61, 0xff]), 'a.js')).toThrow(expect.objectContaining({ code: 'ENCODING' }));
  });
});
