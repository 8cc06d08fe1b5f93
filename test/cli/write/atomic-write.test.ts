import {
  chmodSync,
  lstatSync,
  type PathLike,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { writeTogether } from '../../../src/cli/write/atomic-write.js';
import { FILE_SYSTEM } from '../../../src/cli/write/write-file-system.js';
import { temporaryTree, treeContents } from '../../scan/temporary-tree.js';
import { objectContaining, textContaining } from '../../support/matchers.js';

describe('writeTogether', () => {
  it('replaces a text, keeps the mode and leaves no other file', () => {
    const root = temporaryTree({ 'a.js': 'old' });
    const file = path.join(root, 'a.js');
    chmodSync(file, 0o755);
    writeTogether([{ absolutePath: file, original: 'old', output: '\uFEFFnew\r\n' }]);
    expect(readFileSync(file, 'utf8')).toBe('\uFEFFnew\r\n');
    expect(statSync(file).mode & 0o7777).toBe(0o755);
    expect(readdirSync(root)).toEqual(['a.js']);
  });

  it('writes to the target of a link and keeps the link', () => {
    const root = temporaryTree({ 'lib/real.js': 'old', 'src/other.js': '' });
    const link = path.join(root, 'src/link.js');
    symlinkSync('../lib/real.js', link);
    writeTogether([{ absolutePath: link, original: 'old', output: 'new' }]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path.join(root, 'lib/real.js'), 'utf8')).toBe('new');
  });

  it('writes none of several files when one of them has changed since it was read', () => {
    const root = temporaryTree({ 'a.js': 'a', 'b.js': 'b', 'c.js': 'c' });
    writeFileSync(path.join(root, 'b.js'), 'edited by hand');
    const before = treeContents(root);
    const writes = ['a', 'b', 'c'].map((name) => ({
      absolutePath: path.join(root, `${name}.js`),
      original: name,
      output: 'new',
    }));
    expect(() => {
      writeTogether(writes);
    }).toThrow(objectContaining({ code: 'FILE_ACCESS', message: textContaining('changed while') }));
    expect(treeContents(root)).toEqual(before);
  });

  it('writes none of several files when one of them is missing', () => {
    const root = temporaryTree({ 'a.js': 'a' });
    const before = treeContents(root);
    expect(() => {
      writeTogether([
        { absolutePath: path.join(root, 'a.js'), original: 'a', output: 'A' },
        { absolutePath: path.join(root, 'missing.js'), original: '', output: 'x' },
      ]);
    }).toThrow(objectContaining({ code: 'FILE_ACCESS' }));
    expect(treeContents(root)).toEqual(before);
  });

  it('restores the replaced files when a later file cannot be replaced', () => {
    const root = temporaryTree({ 'a.js': 'a', 'b.js': 'b', 'c.js': 'c' });
    const before = treeContents(root);
    const writes = ['a', 'b', 'c'].map((name) => ({
      absolutePath: path.join(root, `${name}.js`),
      original: name,
      output: 'new',
    }));
    const seen: string[] = [];
    const failOnThird = (from: PathLike, to: PathLike) => {
      if (String(to).endsWith('c.js')) {
        seen.push(...['a', 'b'].map((name) => readFileSync(path.join(root, `${name}.js`), 'utf8')));
        throw Object.assign(new Error('EROFS'), { code: 'EROFS' });
      }
      renameSync(from, to);
    };
    expect(() => {
      writeTogether(writes, { ...FILE_SYSTEM, renameSync: failOnThird });
    }).toThrow(/the file system is read-only/);
    expect(seen).toEqual(['new', 'new']);
    expect(treeContents(root)).toEqual(before);
  });
});
