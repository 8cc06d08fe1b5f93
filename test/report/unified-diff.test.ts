import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createPalette } from '../../src/report/palette.js';
import { colouredDiff, unifiedDiff } from '../../src/report/unified-diff.js';
import { addFiles, temporaryTree } from '../scan/temporary-tree.js';

/** Lets git apply the patch and returns what the file then holds. */
function appliedByGit(name: string, before: string, patch: string): string {
  const root = temporaryTree();
  execFileSync('git', ['init', '-q', root]);
  addFiles(root, { [name]: before });
  const apply = (...flags: string[]) =>
    execFileSync('git', ['apply', ...flags, '-'], { cwd: root, input: patch, stdio: ['pipe', 'pipe', 'pipe'] });
  apply('--check');
  apply('--whitespace=nowarn');
  return readFileSync(path.join(root, name), 'utf8');
}

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index}`);

describe('unifiedDiff', () => {
  it('is empty for equal texts', () => {
    expect(unifiedDiff('a.js', 'x', 'x')).toBe('');
  });

  it.each([
    ['plain', LINES.join('\n') + '\n', '\n'],
    ['CRLF', LINES.join('\r\n') + '\r\n', '\r\n'],
    ['a byte-order mark', `\uFEFF${LINES.join('\n')}\n`, '\n'],
    ['no final newline', LINES.join('\n'), '\n'],
    ['CRLF, a byte-order mark and no final newline', `\uFEFF${LINES.join('\r\n')}`, '\r\n'],
    ['mixed line ends', 'line 0\r\nline 1\nline 2\r\nline 19', '\n'],
    ['line separators of Unicode', 'line 0\u2028line 1\u2029\nline 19\f\n', '\n'],
  ])('is applied by git: %s', (_, before, newline) => {
    const after = before.replace('line 1', `line one${newline}and more`).replace('line 19', 'the end');
    expect(after).not.toBe(before);
    expect(appliedByGit('a.js', before, unifiedDiff('a.js', before, after))).toBe(after);
  });

  it.each([
    'with space.js',
    'dir with space/ü.js',
    'quo"te.js',
    'back\\slash.js',
    'tab\there.js',
    'new\nline.js',
    'b/a.js',
  ])('names %j so that git finds it', (name) => {
    expect(appliedByGit(name, 'a\n', unifiedDiff(name, 'a\n', 'b\n'))).toBe('b\n');
  });

  it('is applied by git for any texts', () => {
    const text = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', ''), fc.constantFrom('\n', '\r\n')), { maxLength: 12 })
      .chain((lines) =>
        fc.constantFrom('', 'end').map((end) => lines.map(([line, newline]) => line + newline).join('') + end),
      );
    fc.assert(
      fc.property(text, text, (before, after) => {
        // Making or emptying a file is another kind of patch, which a migration never needs.
        fc.pre(before !== after && before !== '' && after !== '');
        expect(appliedByGit('a.js', before, unifiedDiff('a.js', before, after))).toBe(after);
      }),
      { numRuns: 40 },
    );
  });

  it('puts several files into one patch', () => {
    const root = temporaryTree({ 'a.js': '1\n', 'b.js': '1' });
    execFileSync('git', ['init', '-q', root]);
    writeFileSync(path.join(root, 'p.patch'), unifiedDiff('a.js', '1\n', '2\n') + unifiedDiff('b.js', '1', '2'));
    execFileSync('git', ['apply', 'p.patch'], { cwd: root });
    expect(readFileSync(path.join(root, 'b.js'), 'utf8')).toBe('2');
  });

  it('has the same lines in colour', () => {
    const coloured = colouredDiff('a.js', 'a\nb\n', 'a\nc', createPalette(true));
    expect(coloured).toContain('\u001b[31m-b');
    expect(coloured).toContain('\u001b[32m+c');

    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(unifiedDiff('a.js', 'a\nb\n', 'a\nc'));
  });
});
