/** The faults that writing a group of files must survive. Each makes its folders, breaks the writing, and counts. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { writeTogether } from '../../dist/cli/write/atomic-write.js';
import { FILE_SYSTEM } from '../../dist/cli/write/write-file-system.js';

import { countOutcome, makeFolder, textOf, writesIn } from './group-folder.js';
import { watchedFileSystem } from './watched-file-system.js';

/** @import { Counts } from './group-folder.js' */

const PROGRAM = fileURLToPath(new URL('write-group.js', import.meta.url));
const NOBODY = 65_534;
const RUNS_AT_ONCE = 40;

/**
 * @typedef {object} Scenario A kind of fault.
 * @property {string} name
 * @property {(counts: Counts, kills: number) => Promise<void> | void} run
 */

/** @type {readonly Scenario[]} */
export const SCENARIOS = [
  { name: 'killed at each call of the file system', run: killedAtEachCall },
  { name: 'killed at a random moment', run: killedAtRandom },
  ...['ENOSPC', 'EROFS', 'EIO', 'EACCES'].map((code) => ({
    name: `each call fails with ${code}`,
    run: (/** @type {Counts} */ counts) => {
      failingCalls(counts, code);
    },
  })),
  { name: 'a full disk', run: fullDisk },
  { name: 'a folder becomes read-only', run: readOnlyFolder },
  { name: 'two runs at once', run: twoAtOnce },
  { name: 'another program edits a file before any call', run: editedMeanwhile },
];

/** @param {Counts} counts */
function killedAtEachCall(counts) {
  for (let call = 1; ; call++) {
    const root = makeFolder();
    const { signal } = spawnSync(process.execPath, [PROGRAM, root, 'die', String(call)]);
    countOutcome(root, counts);
    if (signal === null) return;
    counts.interrupted++;
  }
}

/**
 * Kills at moments that are spread over the time that a write takes.
 * @param {Counts} counts @param {number} kills
 */
async function killedAtRandom(counts, kills) {
  const duration = Math.max(...(await Promise.all([1, 2, 3].map(() => writeFor(makeFolder())))));
  for (let kill = 0; kill < kills; kill++) {
    const root = makeFolder();
    const took = await writeFor(root, (duration * kill) / kills);
    if (Number.isNaN(took)) counts.interrupted++;
    countOutcome(root, counts);
  }
}

/**
 * Lets another process write the group. Resolves to the milliseconds from the word to the end, or NaN if it was killed
 * first.
 *
 * @param {string} root - The folder.
 * @param {number} [milliseconds] - When to kill the process; by default, never.
 */
async function writeFor(root, milliseconds) {
  const child = spawn(process.execPath, [PROGRAM, root, 'go'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const started = performance.now();
  let took = NaN;
  child.stdout.once('data', () => (took = performance.now() - started));
  child.stdin.write('go\n');
  if (milliseconds !== undefined) {
    await sleep(milliseconds);
    child.kill('SIGKILL');
  }
  await exited;
  return took;
}

/**
 * A file system of which one call goes wrong.
 * @param {number} limit - Which call, from 1.
 * @param {() => void} fault - What happens right before it; may throw.
 */
function systemWith(limit, fault) {
  let calls = 0;
  const system = watchedFileSystem((call) => {
    calls = call;
    if (call === limit) fault();
  });
  return { system, reached: () => calls >= limit };
}

/** @param {Counts} counts @param {string} code */
function failingCalls(counts, code) {
  for (let limit = 1; ; limit++) {
    const root = makeFolder();
    const { status } = spawnSync(process.execPath, [PROGRAM, root, code, String(limit)]);
    if (status === 1) counts.interrupted++;
    countOutcome(root, counts);
    if (status === 3) return;
  }
}

/** Whether the group could be written. @param {string} root */
function canWrite(root, system = FILE_SYSTEM) {
  try {
    writeTogether(writesIn(root), system);
    return true;
  } catch {
    return false;
  }
}

/** Real file systems of few kilobytes, where this user may make one. @param {Counts} counts */
function fullDisk(counts) {
  const parent = makeFolder();
  for (let kilobytes = 100; kilobytes <= 320; kilobytes += 4) {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', parent]).status !== 0) break;
    const root = makeFolder(parent);
    if (!canWrite(root)) counts.interrupted++;
    countOutcome(root, counts);
    spawnSync('umount', [parent]);
  }
  rmSync(parent, { recursive: true, force: true });
  // Where nothing can be mounted, the calls that fail with ENOSPC stand in.
  if (counts.tried === 0) failingCalls(counts, 'ENOSPC');
}

/** Another user's process, because nothing is read-only for root. @param {Counts} counts */
function readOnlyFolder(counts) {
  for (const folder of ['.', 'sub']) {
    const root = makeFolder();
    const isRoot = process.getuid?.() === 0;
    if (isRoot)
      for (const name of ['.', 'sub', 'a.js', 'b.js', 'sub/c.js', 'sub/d.js'])
        chownSync(path.join(root, name), NOBODY, NOBODY);
    chmodSync(path.join(root, folder), 0o555);
    const { status } = spawnSync(process.execPath, [PROGRAM, root, 'none'], isRoot ? { uid: NOBODY, gid: NOBODY } : {});
    if (status !== 0) counts.interrupted++;
    chmodSync(path.join(root, folder), 0o755);
    countOutcome(root, counts);
  }
}

/** @param {Counts} counts */
async function twoAtOnce(counts) {
  for (let run = 0; run < RUNS_AT_ONCE; run++) {
    const root = makeFolder();
    const children = [1, 2].map(() =>
      spawn(process.execPath, [PROGRAM, root, 'go'], { stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    const exits = children.map((child) => once(child, 'exit'));
    for (const child of children) child.stdin.write('go\n');
    const codes = await Promise.all(exits);
    if (codes.some(([code]) => code !== 0)) counts.interrupted++;
    countOutcome(root, counts);
  }
}

/** @param {Counts} counts */
function editedMeanwhile(counts) {
  for (const name of ['a.js', 'sub/d.js'])
    for (let limit = 1; ; limit++) {
      const root = makeFolder();
      const file = path.join(root, name);
      const edited = 'edited by another program';
      let before = '';
      const { system, reached } = systemWith(limit, () => {
        before = readFileSync(file, 'utf8');
        writeFileSync(file, edited);
      });
      if (!canWrite(root, system)) counts.interrupted++;
      if (!reached()) {
        countOutcome(root, counts);
        break;
      }
      // An edit between the last look at a file and its replacement is in its old text, which nobody keeps.
      const isReplacing = before === textOf(name, 'old') && readFileSync(file, 'utf8') === textOf(name, 'new');
      if (isReplacing) rmSync(root, { recursive: true, force: true });
      else countOutcome(root, counts, new Map([[name, edited]]));
    }
}
