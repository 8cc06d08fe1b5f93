import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { addFiles, temporaryTree, treeContents } from '../scan/temporary-tree.js';
import { defined } from '../support/defined.js';

import { mirrorscope } from './command.js';
import { parseReport } from './json-output.js';
import { LEGACY, MIGRATED, REPORTED, UNRELATED, withCrlf } from './legacy-sources.js';

const PREVIEW = `diff --git a/src/load.js b/src/load.js
--- a/src/load.js
+++ b/src/load.js
@@ -1,4 +1,4 @@
 import * as tf from '@tensorflow/tfjs';
 export async function load() {
-  return await tf.loadModel('file://model.json');
+  return await tf.loadLayersModel('file://model.json');
 }

Would rewrite 1 place in 1 file.
Scanned 2 files, parsed 1.
Nothing was written. Run \`mirrorscope migrate --write\` to apply the changes.
`;

describe('preview', () => {
  it('shows the diff and a summary, and writes nothing', () => {
    const root = temporaryTree({ 'src/load.js': LEGACY, 'src/other.js': UNRELATED });
    const before = treeContents(root);
    expect(mirrorscope(root, ['migrate'])).toEqual({ code: 1, stdout: PREVIEW, stderr: '' });
    expect(treeContents(root)).toEqual(before);
  });

  it('colours its output only on request or on a terminal', () => {
    const root = temporaryTree({ 'src/load.js': LEGACY, 'src/other.js': UNRELATED });
    const coloured = mirrorscope(root, ['migrate'], { environment: { FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain("\u001b[32m+  return await tf.loadLayersModel('file://model.json');\u001b[39m");
    const plain = mirrorscope(root, ['migrate'], { environment: { NO_COLOR: '1' } });
    expect(plain.stdout).toBe(PREVIEW);
  });

  it('exits with 0 when there is nothing to do', () => {
    const root = temporaryTree({ 'other.js': UNRELATED });
    expect(mirrorscope(root, ['migrate'])).toEqual({
      code: 0,
      stdout: 'Nothing to migrate.\nScanned 1 file, parsed 0.\n',
      stderr: '',
    });
  });

  it('skips minified files with a word, unless they are named', () => {
    const bundle = `const tf=require('@tensorflow/tfjs');tf.loadModel('file://m');${'function a(){return 1;}'.repeat(3000)}`;
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `dist/${name}.min.js`);
    const root = temporaryTree(Object.fromEntries(names.map((name) => [name, bundle])));
    const { code, stdout, stderr } = mirrorscope(root, ['migrate']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing to migrate.\nScanned 7 files, parsed 0.\n' });
    expect(stderr.split('\n')).toEqual([
      ...names
        .slice(0, 5)
        .map(
          (name) => `mirrorscope: skipped ${name}: minified; migrate its sources, or name the file to read it anyway`,
        ),
      'mirrorscope: skipped 2 more minified files',
      '',
    ]);
    expect(mirrorscope(root, ['migrate', 'dist/a.min.js']).stdout).toContain('Would rewrite 1 place in 1 file.');
  });

  it('shows what a person has to rewrite', () => {
    const root = temporaryTree({ 'a.ts': REPORTED });
    const { code, stdout } = mirrorscope(root, ['migrate']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^a\.ts\n {3}2:22 {2}reported {4}.+\n\nReported 1 place to review by hand\.\n/);
  });
});

describe('--write', () => {
  it('applies the changes, and a second run has nothing to do', () => {
    const root = temporaryTree({ 'src/load.js': LEGACY, 'src/other.js': UNRELATED });
    const first = mirrorscope(root, ['migrate', '--write']);
    expect(first).toEqual({
      code: 0,
      stdout: 'Rewrote 1 place in 1 file.\nScanned 2 files, parsed 1.\n',
      stderr: '',
    });
    expect(treeContents(root)).toEqual({ 'src/load.js': MIGRATED, 'src/other.js': UNRELATED });
    expect(mirrorscope(root, ['migrate', '--write']).stdout).toBe('Nothing to migrate.\nScanned 2 files, parsed 1.\n');
  });

  it('keeps every byte that it does not change', () => {
    const crlf = withCrlf(LEGACY);
    const minified = `var data="${'QUJDRA'.repeat(1_750_000)}";var tf=require("@tensorflow/tfjs");tf.loadModel("x")`;
    const files = {
      'bom.js': Buffer.from(`\uFEFF${LEGACY}`),
      'crlf.ts': crlf,
      'both.mjs': Buffer.from(`\uFEFF${crlf}`),
      'no-newline.cjs': 'const tf = require("@tensorflow/tfjs");\n\ttf.loadModel("x") ;',
      'tabs.tsx': LEGACY.replaceAll('  ', '\t'),
      'minified.js': minified,
      'invalid.js': Buffer.concat([Buffer.from(LEGACY), Buffer.from([0xff, 0xfe])]),
    };
    const root = temporaryTree(files);
    chmodSync(path.join(root, 'crlf.ts'), 0o755);
    const { code, stdout } = mirrorscope(root, ['migrate', '--write']);
    expect(code).toBe(1);
    expect(stdout).toContain('invalid.js is not valid UTF-8. (ENCODING)');
    expect(stdout).toContain('Failed on 1 file.');
    for (const [name, content] of Object.entries(files)) {
      const before = Buffer.from(content);
      const expected =
        name === 'invalid.js'
          ? before
          : Buffer.from(before.toString('latin1').replace('loadModel', 'loadLayersModel'), 'latin1');
      expect(readFileSync(path.join(root, name)).equals(expected), name).toBe(true);
    }
    expect(statSync(path.join(root, 'crlf.ts')).mode & 0o777).toBe(0o755);
  });

  it('reports what is left at positions in the new text', () => {
    const source = `// first\n${REPORTED}export const other = tf.loadModel('x');\n`;
    const root = temporaryTree({ 'a.js': source });
    const { code, stdout } = mirrorscope(root, ['migrate', '--write', '--mark', '--format', 'json']);
    expect(code).toBe(1);
    const after = readFileSync(path.join(root, 'a.js'), 'utf8');
    expect(after).toContain('TODO(mirrorscope)');
    const report = parseReport(stdout);
    expect(report.summary).toMatchObject({ todoMarks: 1, reported: 1, rewritten: 1 });
    const left = defined(report.files[0]?.findings.find((finding) => finding.disposition === 'report'));
    expect(after.split('\n')[left.start.line - 1]).toContain('tf.loadFrozenModel');
    const again = mirrorscope(root, ['migrate', '--write', '--mark']);
    expect(again.stdout).toContain('1 TODO mark to work through.');
    expect(readFileSync(path.join(root, 'a.js'), 'utf8')).toBe(after);
  });

  it('writes to the target of a link that the user names', () => {
    const root = temporaryTree({ 'real/load.js': LEGACY, 'here/x.css': '' });
    symlinkSync('../real/load.js', path.join(root, 'here/link.js'));
    expect(mirrorscope(path.join(root, 'here'), ['migrate', '--write', 'link.js']).code).toBe(0);
    expect(readFileSync(path.join(root, 'real/load.js'), 'utf8')).toBe(MIGRATED);
    expect(treeContents(root)).toEqual({ 'real/load.js': MIGRATED, 'here/x.css': '' });
  });

  it('goes on after files that fail, and reports each of them', () => {
    const root = temporaryTree({ 'a.js': `${LEGACY}(`, 'b.js': LEGACY, 'c.ts': `${LEGACY}class {` });
    const { code, stdout } = mirrorscope(root, ['migrate', '--write']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^a\.js\n {2}failed .*\(SYNTAX\)\n.*\n\nc\.ts\n {2}failed .*\(SYNTAX\)\n/);
    expect(stdout).toContain('Rewrote 1 place in 1 file.\nFailed on 2 files.');
    expect(readFileSync(path.join(root, 'b.js'), 'utf8')).toBe(MIGRATED);
  });
});

describe('the guard for uncommitted work', () => {
  function repository(): string {
    const root = temporaryTree({ 'load.js': LEGACY, 'other.js': UNRELATED });
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: root });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    return root;
  }

  it('writes nothing when a file to be written is not committed', () => {
    const root = repository();
    addFiles(root, { 'load.js': `${LEGACY}// edited\n` });
    const before = treeContents(root);
    const { code, stdout, stderr } = mirrorscope(root, ['migrate', '--write']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('  load.js\n');
    expect(stderr).toContain('pass --allow-dirty');
    expect(treeContents(root)).toEqual(before);
    expect(mirrorscope(root, ['migrate']).code).toBe(1);
    expect(mirrorscope(root, ['migrate', '--write', '--allow-dirty']).code).toBe(0);
    expect(readFileSync(path.join(root, 'load.js'), 'utf8')).toBe(`${MIGRATED}// edited\n`);
  });

  it('ignores other files', () => {
    const root = repository();
    addFiles(root, { 'other.js': '// edited\n', 'new.js': UNRELATED });
    expect(mirrorscope(root, ['migrate', '--write']).code).toBe(0);
  });
});

describe('--diff', () => {
  it('is a patch that git applies, with any line endings', () => {
    const crlf = withCrlf(LEGACY);
    const files = {
      'a b/bom.js': `\uFEFF${LEGACY}`,
      'crlf.js': crlf,
      'short.js': crlf.trimEnd(),
      'ü.ts': LEGACY,
      'unrelated.js': UNRELATED,
    };
    const root = temporaryTree(files);
    execFileSync('git', ['init', '-q', root]);
    const { code, stdout, stderr } = mirrorscope(root, ['migrate', '--diff']);
    expect(code).toBe(1);
    expect(stderr).toContain('Would rewrite 4 places in 4 files.');
    execFileSync('git', ['apply', '--check', '-'], { cwd: root, input: stdout });
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: root, input: stdout });
    const patched = treeContents(root);
    const twin = temporaryTree(files);
    expect(mirrorscope(twin, ['migrate', '--write']).code).toBe(0);
    expect(patched).toEqual(treeContents(twin));
  });

  it('is part of each file in JSON', () => {
    const root = temporaryTree({ 'a.js': LEGACY });
    const report = parseReport(mirrorscope(root, ['migrate', '--diff', '--format', 'json']).stdout);
    expect(report.files[0]?.diff).toMatch(/^diff --git a\/a\.js b\/a\.js\n/);
  });

  it('is empty without changes', () => {
    const root = temporaryTree({ 'a.js': REPORTED });
    expect(mirrorscope(root, ['migrate', '--diff'])).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('choosing files', () => {
  it('respects paths, globs and ignore files', () => {
    const root = temporaryTree({
      '.gitignore': 'build/*\n!build/kept.js\n',
      'build/out.js': LEGACY,
      'build/kept.js': LEGACY,
      'src/a.js': LEGACY,
      'src/a.test.js': LEGACY,
      'node_modules/p/i.js': LEGACY,
    });
    const files = (...words: string[]): string[] =>
      parseReport(mirrorscope(root, ['check', '--format', 'json', ...words]).stdout).files.map((file) => file.path);
    expect(files()).toEqual(['build/kept.js', 'src/a.js', 'src/a.test.js']);
    expect(files('--no-ignore', '--exclude', '*.test.js')).toEqual(['build/kept.js', 'build/out.js', 'src/a.js']);
    expect(files('src', '--include', '**/*.test.js')).toEqual(['src/a.test.js']);
    expect(files('node_modules/p')).toEqual(['node_modules/p/i.js']);
    expect(files('--only', 'multi-gpu-model')).toEqual([]);
  });

  it('reports a named file of a type that it does not migrate', () => {
    const root = temporaryTree({ 'a.css': '' });
    expect(mirrorscope(root, ['check', 'a.css'])).toEqual({
      code: 0,
      stdout: 'Nothing to migrate.\nScanned 0 files, parsed 0.\n',
      stderr: `mirrorscope: skipped ${path.join(root, 'a.css')}: not a type of file that mirrorscope migrates\n`,
    });
  });

  it('uses the nearest configuration above, unless a flag overrides it', () => {
    const root = temporaryTree({
      'mirrorscope.config.json': JSON.stringify({ exclude: ['pkg/gen/**'], only: ['tfjs-legacy'] }),
      'pkg/src/a.js': LEGACY,
      'pkg/gen/b.js': LEGACY,
    });
    const files = (...words: string[]): string[] =>
      parseReport(mirrorscope(path.join(root, 'pkg'), ['check', '--format', 'json', ...words]).stdout).files.map(
        (file) => file.path,
      );
    expect(files()).toEqual(['src/a.js']);
    expect(files('--exclude', 'src')).toEqual(['gen/b.js']);
    writeFileSync(path.join(root, 'pkg/other.json'), '{"exclude": []}');
    expect(files('--config', 'other.json')).toEqual(['gen/b.js', 'src/a.js']);
  });
});
