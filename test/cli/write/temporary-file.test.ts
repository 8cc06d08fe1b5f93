import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { removeLeftovers, temporaryFileBeside } from '../../../src/cli/write/temporary-file.js';
import { temporaryTree } from '../../scan/temporary-tree.js';

describe('removeLeftovers', () => {
  it('removes only the files of processes that have ended', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const root = temporaryTree({
      [`.mirrorscope-${gone}-0123456789ab.tmp`]: 'half a te',
      [`.mirrorscope-${process.ppid}-0123456789ab.tmp`]: 'of a run that goes on',
      [`.mirrorscope-${gone}-notes.tmp`]: 'of the user',
      'a.js': '',
    });
    writeFileSync(temporaryFileBeside(path.join(root, 'a.js')), 'our own');
    expect(removeLeftovers([root, path.join(root, 'no such folder')])).toBe(1);
    expect(readdirSync(root)).toHaveLength(4);
    expect(readdirSync(root)).not.toContain(`.mirrorscope-${gone}-0123456789ab.tmp`);
  });

  it('creates a new name each time, in the folder of the target', () => {
    const names = new Set(Array.from({ length: 50 }, () => temporaryFileBeside('/x/y/a.js')));
    expect(names.size).toBe(50);
    expect([...names].every((name) => path.dirname(name) === path.normalize('/x/y'))).toBe(true);
  });
});
