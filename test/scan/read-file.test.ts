import { chmodSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { fileAccessError } from '../../src/errors/file-access-error.js';
import { createByteReader, readSource } from '../../src/scan/read-file.js';
import { objectContaining } from '../support/matchers.js';

import { temporaryTree } from './temporary-tree.js';

describe('createByteReader', () => {
  it('reads files of any size, one after another, with the same buffer', () => {
    const large = Buffer.alloc(3_500_001, 'abcdefg');
    const root = temporaryTree({ empty: '', small: 'x', large, exact: Buffer.alloc(1 << 20, 'q') });
    const read = createByteReader();
    expect(read(path.join(root, 'large')).equals(large)).toBe(true);
    expect(read(path.join(root, 'small')).toString()).toBe('x');
    expect(read(path.join(root, 'empty')).length).toBe(0);
    expect(read(path.join(root, 'exact')).length).toBe(1 << 20);
  });
});

describe('readSource', () => {
  it('keeps a byte-order mark and line endings', () => {
    const root = temporaryTree({ 'a.js': '\uFEFFa\r\nb' });
    expect(readSource(path.join(root, 'a.js'), 'a.js')).toBe('\uFEFFa\r\nb');
  });

  it('rejects bytes that are not UTF-8', () => {
    const root = temporaryTree({ 'a.js': Buffer.from([0x61, 0xff, 0x62]) });
    expect(() => readSource(path.join(root, 'a.js'), 'a.js')).toThrow(objectContaining({ code: 'ENCODING' }));
  });

  it('explains why a file cannot be read', () => {
    const root = temporaryTree({ 'dir/a.js': '' });
    expect(() => readSource(path.join(root, 'none.js'), 'none.js')).toThrow(/could not be read: it does not exist/);
    expect(() => readSource(path.join(root, 'dir'), 'dir')).toThrow(/it is a directory/);
    chmodSync(path.join(root, 'dir/a.js'), 0);
    if (process.getuid?.() !== 0)
      expect(() => readSource(path.join(root, 'dir/a.js'), 'a.js')).toThrow(/permission denied/);
  });

  it('keeps an unknown cause in the message', () => {
    expect(fileAccessError('written', new Error('odd')).message).toBe('The file could not be written: odd.');
  });
});
