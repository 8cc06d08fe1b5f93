import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { type FileWrite, writeTogether } from '../../../src/cli/write/atomic-write.js';
import { recoverGroups } from '../../../src/cli/write/recover-groups.js';
import { removeLeftovers } from '../../../src/cli/write/temporary-file.js';
import { FILE_SYSTEM, type WriteFileSystem } from '../../../src/cli/write/write-file-system.js';
import { temporaryTree, treeContents } from '../../scan/temporary-tree.js';

const PROGRAM = fileURLToPath(new URL('../../../scripts/faults/die-at-call.js', import.meta.url));
const NAMES = ['a.js', 'b.js', 'sub/c.js'];

function texts(state: 'old' | 'new'): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => [name, `${path.basename(name, '.js')} ${state}`]));
}

function folders(root: string): string[] {
  return [root, path.join(root, 'sub')];
}

/** Whether the program was killed at this call. */
function diesAt(call: number, root: string, mode: 'write' | 'recover' = 'write'): boolean {
  const { signal, status, stderr } = spawnSync(process.execPath, [PROGRAM, root, String(call), mode], {
    encoding: 'utf8',
  });
  if (signal === null) expect(status, stderr).toBe(0);
  return signal === 'SIGKILL';
}

/** What the next run does before it scans and before it writes. */
function nextRun(root: string): void {
  recoverGroups(folders(root));
  removeLeftovers(folders(root));
}

/** The call at which a group is killed after its first rename, once it is known. */
const halfway = { call: 0 };

/** A folder in which a group was killed after its first rename. */
function halfWritten(): string {
  // The first calls write the new texts.
  for (let call = halfway.call || NAMES.length * 5; ; call++) {
    const root = temporaryTree(texts('old'));
    if (!diesAt(call, root)) throw new Error('The program was not killed between two renames.');
    const { 'a.js': first, 'b.js': second } = treeContents(root);
    if (first !== 'a new' || second !== 'b old') continue;
    halfway.call = call;
    return root;
  }
}

describe('a group of files that is killed while it is written', () => {
  it('has its old or its new texts after the next run, whichever call of the file system it dies at', () => {
    const outcomes = { old: 0, new: 0 };
    for (let call = 1; ; call++) {
      const root = temporaryTree(texts('old'));
      const died = diesAt(call, root);
      if (!died) {
        expect(treeContents(root)).toEqual(texts('new'));
        break;
      }
      nextRun(root);
      const after = treeContents(root);
      const state = after['a.js'] === 'a new' ? 'new' : 'old';
      expect(after, `killed at call ${call}`).toEqual(texts(state));
      outcomes[state]++;
    }
    expect(outcomes.old).toBeGreaterThan(10);
    expect(outcomes.new).toBeGreaterThan(3);
  });

  it('survives that the recovery is killed as well', () => {
    const started = halfWritten();
    for (let call = 1; ; call++) {
      const root = temporaryTree();
      cpSync(started, root, { recursive: true });
      const died = diesAt(call, root, 'recover');
      nextRun(root);
      expect(treeContents(root), `killed at call ${call}`).toEqual(texts('new'));
      if (!died) break;
    }
  });

  it('is taken back if a file of it was edited since', () => {
    const root = halfWritten();
    writeFileSync(path.join(root, 'sub/c.js'), 'edited');
    expect(recoverGroups(folders(root)).map(({ outcome }) => outcome)).toEqual(['taken back']);
    removeLeftovers(folders(root));
    expect(treeContents(root)).toEqual({ ...texts('old'), 'sub/c.js': 'edited' });
  });

  it('is completed around a file that was edited after it was replaced', () => {
    const root = halfWritten();
    appendFileSync(path.join(root, 'a.js'), ' and more');
    recoverGroups(folders(root));
    removeLeftovers(folders(root));
    expect(treeContents(root)).toEqual({ ...texts('old'), 'a.js': 'a new and more' });
  });

  it('does not believe a journal that names files elsewhere', () => {
    const outside = temporaryTree({ 'victim.js': 'a old' });
    const root = halfWritten();
    const journal = readdirSync(root).find((name) => name.endsWith('.journal')) ?? '';
    const [record] = [JSON.parse(treeContents(root)[journal] ?? '{}') as { files: { target: string }[] }];
    const [first] = record.files;
    if (first !== undefined) first.target = path.relative(root, path.join(outside, 'victim.js'));
    writeFileSync(path.join(root, journal), JSON.stringify(record));
    expect(recoverGroups(folders(root))).toEqual([]);
    expect(treeContents(outside)).toEqual({ 'victim.js': 'a old' });
  });

  it('is left alone while its process runs', () => {
    const root = halfWritten();
    const journal = readdirSync(root).find((name) => name.endsWith('.journal')) ?? '';
    renameSync(path.join(root, journal), path.join(root, journal.replace(/-\d+-/, `-${process.pid}-`)));
    expect(recoverGroups(folders(root))).toEqual([]);
  });
});

describe('a call of the file system that fails', () => {
  it.each(['ENOSPC', 'EROFS', 'EIO'])('leaves all files old or all files new: %s', (code) => {
    for (let limit = 1; ; limit++) {
      const root = temporaryTree(texts('old'));
      let calls = 0;
      const system = new Proxy(FILE_SYSTEM, {
        get(target, name: keyof WriteFileSystem) {
          const call = target[name] as (...values: unknown[]) => unknown;
          return (...values: unknown[]) => {
            calls++;
            if (calls === limit) throw Object.assign(new Error(code), { code });
            return call(...values);
          };
        },
      });
      const writes = NAMES.map((name): FileWrite => {
        const text = path.basename(name, '.js');
        return { absolutePath: path.join(root, name), original: `${text} old`, output: `${text} new` };
      });
      let failure: unknown;
      try {
        writeTogether(writes, system);
      } catch (error) {
        failure = error;
      }
      if (failure !== undefined) expect(failure).toMatchObject({ code: 'FILE_ACCESS' });
      const after = Object.fromEntries(Object.entries(treeContents(root)).filter(([name]) => NAMES.includes(name)));
      expect(after, `call ${limit}`).toEqual(texts(failure === undefined ? 'new' : 'old'));
      if (calls < limit) break;
    }
  });
});

it('ignores a folder that is named like a temporary file', () => {
  const name = `.mirrorscope-${spawnSync(process.execPath, ['-e', '']).pid}-0123456789ab.tmp`;
  const root = temporaryTree({ [`${name}/kept`]: '' });
  expect(removeLeftovers([root])).toBe(0);
  expect(existsSync(path.join(root, name, 'kept'))).toBe(true);
});
