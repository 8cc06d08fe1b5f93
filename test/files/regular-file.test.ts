import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { openRegularFile, readRegularFile } from '../../src/files/regular-file.js';
import { temporaryTree } from '../scan/temporary-tree.js';
import { objectContaining } from '../support/matchers.js';

const LIMIT = 1 << 20;

describe('readRegularFile', () => {
  it('reads files up to the limit, and files whose size is not known before', () => {
    const full = Buffer.alloc(LIMIT, 'abc');
    const root = temporaryTree({ empty: '', full, over: Buffer.alloc(LIMIT + 1) });
    expect(readRegularFile(path.join(root, 'empty'), LIMIT).length).toBe(0);
    expect(readRegularFile(path.join(root, 'full'), LIMIT).equals(full)).toBe(true);
    expect(() => readRegularFile(path.join(root, 'over'), LIMIT)).toThrow(/it has 2 MiB, and at most 1 MiB are read/);
    if (process.platform === 'linux')
      expect(readRegularFile('/proc/self/status', LIMIT).toString()).toContain(`Pid:\t${process.pid}\n`);
  });

  it('opens neither folders, pipes nor devices, and does not wait for them', () => {
    const root = temporaryTree({ 'folder/a': '' });
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    symlinkSync('/dev/zero', path.join(root, 'zero'));
    for (const [name, kind] of [
      ['folder', /it is a directory/],
      ['pipe', /it is a pipe, a socket or a device/],
      ['zero', /it is a pipe, a socket or a device/],
    ] as const) {
      expect(() => openRegularFile(path.join(root, name), LIMIT)).toThrow(objectContaining({ code: 'FILE_ACCESS' }));
      expect(() => readRegularFile(path.join(root, name), LIMIT)).toThrow(kind);
    }
  });

  it('follows a link to a regular file', () => {
    const root = temporaryTree();
    writeFileSync(path.join(root, 'a'), 'text');
    symlinkSync('a', path.join(root, 'link'));
    expect(readRegularFile(path.join(root, 'link'), LIMIT).toString()).toBe('text');
  });
});
