import { describe, expect, it } from 'vitest';

import { applyEdits } from '../../../src/codemods/edits/apply-edits.js';
import { type CommentedText, keepComments } from '../../../src/codemods/edits/keep-comments.js';
import { type Plan, type TextEdit } from '../../../src/codemods/result.js';

/** A text whose statements are its lines, or what is between semicolons. */
function commented(text: string, style: '//' | '#'): CommentedText {
  const pattern = style === '#' ? /#.*/g : /\/\/.*|\/\*.*?\*\//g;
  return {
    text,
    style,
    comments: () =>
      [...text.matchAll(pattern)].map(({ index, 0: whole }) => ({
        text: whole.replace(/^(?:#|\/\/|\/\*)/, '').replace(/\*\/$/, ''),
        start: index,
        end: index + whole.length,
      })),
    statementStart(offset) {
      const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf(';', offset - 1)) + 1;
      return start + (/^ */.exec(text.slice(start))?.[0].length ?? 0);
    },
  };
}

function kept(text: string, removed: string, replacement: string, style: '//' | '#'): string {
  const start = text.indexOf(removed);
  const edits: TextEdit[] = [{ start, end: start + removed.length, text: replacement }];
  const plan: Plan = { changes: [{ findings: [], edits, safety: 'safe' }], findings: [] };
  return applyEdits(
    text,
    keepComments(plan, commented(text, style)).changes.flatMap((change) => change.edits),
  );
}

describe('keepComments', () => {
  it.each<[string, string, string, string, '//' | '#', string]>([
    ['of a statement that goes', 'a\n  b(  # why\nc\n', '  b(  # why\n', '', '#', 'a\n  # why\nc\n'],
    ['of a part of a statement', 'a\nx = b(  # why\n', 'b(  # why', 'c', '#', 'a\n# why\nx = c\n'],
    ['that the new text has', 'b  # why it is\n', 'b  # why it is', '# why it is\nc', '#', '# why it is\nc\n'],
    ['twice the same', 'b  # no\nc  # no\n', 'b  # no\nc  # no', '# no\nd', '#', '# no\n# no\nd\n'],
    ['in front of code on its line', 'a; b(/* why */ c)\n', 'b(/* why */ c)', 'd()', '//', 'a; /* why */ d()\n'],
    ['as a block behind code', 'a;\nb // why\n;c\n', '\nb // why\n', '', '//', 'a; /* why */;c\n'],
    ['and leaves others', 'a # x\nb\n', 'b', 'c', '#', 'a # x\nc\n'],
  ])('keeps a comment %s', (_, text, removed, replacement, style, expected) => {
    expect(kept(text, removed, replacement, style)).toBe(expected);
  });

  it('does not come between a line and its new indentation', () => {
    const text = 'x = b( # why\n c)\n';
    const edits: TextEdit[] = [
      { start: 0, end: 0, text: 'with s:\n    ' },
      { start: 4, end: 16, text: 'd' },
    ];
    const plan: Plan = { changes: [{ findings: [], edits, safety: 'safe' }], findings: [] };
    const [change] = keepComments(plan, commented(text, '#')).changes;
    expect(applyEdits(text, change?.edits ?? [])).toBe('# why\nwith s:\n    x = d\n');
  });
});
