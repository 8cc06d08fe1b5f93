import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { writeChanges } from '../../../src/cli/write/write-changes.js';
import { type ReportedFile } from '../../../src/report/run-report.js';
import { temporaryTree, treeContents } from '../../scan/temporary-tree.js';

function changed(name: string, group?: string): ReportedFile {
  return {
    result: { path: name, status: 'changed', findings: [], output: `${name} new` },
    original: `${name} old`,
    todoMarks: 0,
    ...(group === undefined ? {} : { group }),
  };
}

describe('writeChanges', () => {
  it('writes the files of a group together or not at all, and always writes the others', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const root = temporaryTree(Object.fromEntries(names.map((name) => [name, `${name} old`])));
    writeFileSync(path.join(root, 'b'), 'edited meanwhile');
    const files = [changed('a', 'one'), changed('b', 'one'), changed('c', 'two'), changed('d', 'two'), changed('e')];
    const after = await writeChanges(files, { root, allowDirty: false, directories: [] });
    expect(treeContents(root)).toEqual({ a: 'a old', b: 'edited meanwhile', c: 'c new', d: 'd new', e: 'e new' });
    expect(after.map(({ result }) => [result.path, result.status, result.error?.code])).toEqual([
      ['a', 'failed', 'FILE_ACCESS'],
      ['b', 'failed', 'FILE_ACCESS'],
      ['c', 'changed', undefined],
      ['d', 'changed', undefined],
      ['e', 'changed', undefined],
    ]);
  });

  it('stops between groups when it is told to, and says which files it did not write', async () => {
    const names = ['a', 'b', 'c'];
    const root = temporaryTree(Object.fromEntries(names.map((name) => [name, `${name} old`])));
    let asked = 0;
    const isStopped = (): boolean => asked++ > 0;
    const files = [changed('a'), changed('b', 'one'), changed('c', 'one')];
    const after = await writeChanges(files, { root, allowDirty: true, directories: [], isStopped });
    expect(treeContents(root)).toEqual({ a: 'a new', b: 'b old', c: 'c old' });
    expect(after.map(({ result }) => result.status)).toEqual(['changed', 'failed', 'failed']);
  });

  it('removes the temporary files of a killed run from every folder that it scanned or writes to', async () => {
    const leftover = `.mirrorscope-${spawnSync(process.execPath, ['-e', '']).pid}-0123456789ab.tmp`;
    const root = temporaryTree({ 'src/a': 'src/a old', [`src/${leftover}`]: 'half', [`lib/${leftover}`]: 'half' });
    await writeChanges([changed('src/a')], { root, allowDirty: true, directories: [path.join(root, 'lib')] });
    expect(treeContents(root)).toEqual({ 'src/a': 'src/a new' });
  });
});
