import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createPalette } from '../../src/report/palette.js';
import { type ReportedFile } from '../../src/report/run-report.js';
import { colouredDiff, unifiedDiff } from '../../src/report/unified-diff.js';
import { addFiles, temporaryTree } from '../scan/temporary-tree.js';

/** The content of a file after git has applied a patch to it. */
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

/** A file of a run whose text changed. */
function changedFile(path: string, original: string, output: string): ReportedFile {
  return { result: { path, status: 'changed', findings: [], output }, original, todoMarks: 0 };
}

/** The diff between two texts. */
function diff(path: string, original: string, output: string): string {
  return unifiedDiff(changedFile(path, original, output)) ?? '';
}

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index}`);

describe('unifiedDiff', () => {
  it('is missing for an unchanged file', () => {
    expect(unifiedDiff({ result: { path: 'a.js', status: 'unchanged', findings: [] }, todoMarks: 0 })).toBeUndefined();
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
    expect(appliedByGit('a.js', before, diff('a.js', before, after))).toBe(after);
  });

  it.each([
    'with space.js',
    'dir with space/ü.js',
    'quo"te.js',
    'back\\slash.js',
    'tab\there.js',
    'new\nline.js',
    'b/a.js',
  ])('writes the name %j so that git finds the file', (name) => {
    expect(appliedByGit(name, 'a\n', diff(name, 'a\n', 'b\n'))).toBe('b\n');
  });

  it('is applied by git for any texts', () => {
    const text = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', ''), fc.constantFrom('\n', '\r\n')), { maxLength: 12 })
      .chain((lines) =>
        fc.constantFrom('', 'end').map((end) => lines.map(([line, newline]) => line + newline).join('') + end),
      );
    fc.assert(
      fc.property(text, text, (before, after) => {
        // Creating or emptying a file needs another kind of patch, which migrations never make.
        fc.pre(before !== after && before !== '' && after !== '');
        expect(appliedByGit('a.js', before, diff('a.js', before, after))).toBe(after);
      }),
      { numRuns: 40 },
    );
  });

  it('puts several files into one patch', () => {
    const root = temporaryTree({ 'a.js': '1\n', 'b.js': '1' });
    execFileSync('git', ['init', '-q', root]);
    writeFileSync(path.join(root, 'p.patch'), diff('a.js', '1\n', '2\n') + diff('b.js', '1', '2'));
    execFileSync('git', ['apply', 'p.patch'], { cwd: root });
    expect(readFileSync(path.join(root, 'b.js'), 'utf8')).toBe('2');
  });

  it('has the same lines in colour', () => {
    const coloured = colouredDiff(changedFile('a.js', 'a\nb\n', 'a\nc'), createPalette(true)) ?? '';
    expect(coloured).toContain('\u001b[31m-b');
    expect(coloured).toContain('\u001b[32m+c');

    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(diff('a.js', 'a\nb\n', 'a\nc'));
  });
});
