import { describe, expect, it } from 'vitest';

import { temporaryTree, treeContents } from '../scan/temporary-tree.js';
import { textMatching } from '../support/matchers.js';

import { mirrorscope } from './command.js';
import { parseReport } from './json-output.js';
import { LEGACY, MIGRATED, REPORTED, withCrlf } from './legacy-sources.js';

const STDIN = ['migrate', '--stdin', '--stdin-filename', 'x.ts'];

describe('--stdin', () => {
  it('prints the new text and nothing else', () => {
    const root = temporaryTree();
    expect(mirrorscope(root, STDIN, { input: LEGACY })).toEqual({ code: 0, stdout: MIGRATED, stderr: '' });
    expect(treeContents(root)).toEqual({});
  });

  it('keeps a byte-order mark and line endings', () => {
    const { stdout } = mirrorscope('.', STDIN, { input: `\uFEFF${withCrlf(LEGACY)}` });
    expect(stdout).toBe(`\uFEFF${withCrlf(MIGRATED)}`);
  });

  it('returns text that it cannot migrate, and explains why on standard error', () => {
    for (const [input, words] of [
      [`${LEGACY}(`, '(SYNTAX)'],
      [REPORTED, 'reported'],
    ] as const) {
      const { code, stdout, stderr } = mirrorscope('.', STDIN, { input });
      expect({ code, stdout }).toEqual({ code: 1, stdout: input });
      expect(stderr).toContain(words);
    }
  });

  it('returns bytes that are not text', () => {
    const input = Buffer.from([0x61, 0xff, 0xfe, 0x0a]);
    const { code, stdout, stderr } = mirrorscope('.', STDIN, { input });
    expect(code).toBe(1);
    expect(stdout).toBe(input.toString('utf8'));
    expect(stderr).toContain('x.ts is not valid UTF-8');
  });

  it('prints a report instead if an option requests one', () => {
    expect(mirrorscope('.', [...STDIN, '--diff'], { input: LEGACY }).stdout).toMatch(/^diff --git a\/x\.ts b\/x\.ts\n/);
    expect(
      parseReport(mirrorscope('.', [...STDIN, '--format', 'json'], { input: LEGACY }).stdout).files[0],
    ).toMatchObject({ path: 'x.ts', status: 'changed' });
    const check = mirrorscope('.', ['check', '--stdin', '--stdin-filename', 'src/x.ts'], { input: LEGACY });
    expect(check).toMatchObject({ code: 1, stdout: textMatching(/^src\/x\.ts\n {3}3:16 {2}to rewrite/) });
  });
});
