import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { temporaryTree } from '../scan/temporary-tree.js';

import { BIN, mirrorscope, plainEnvironment } from './command.js';
import { LEGACY, MIGRATED } from './legacy-sources.js';

const FILES = 80;
/** Long enough that a write takes some time, but quick to parse. */
const FILLER = `/* ${'x'.repeat(300_000)} */\n`;

/** Starts `migrate --write` and kills it some time after the first file changed. Returns the state of the files. */
async function killedRun(
  root: string,
  delay: number,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<{ before: number; after: number; errors: string; signal: unknown }> {
  const child = spawn(process.execPath, [BIN, 'migrate', '--write', '--threads', '1'], {
    cwd: root,
    env: plainEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exited = once(child, 'exit');
  const watcher = watch(root);
  // Skip the first event, which is a temporary file; the first rename comes long after it.
  const renamed = new Promise<void>((resolve) =>
    watcher.on('change', (_, name) => {
      if (/^f\d+\.js$/.test(String(name))) resolve();
    }),
  );
  await Promise.race([renamed, exited]);
  watcher.close();
  await sleep(delay);
  child.kill(signal);
  await exited;
  let before = 0;
  let after = 0;
  for (let index = 0; index < FILES; index++) {
    const text = readFileSync(path.join(root, `f${index}.js`), 'utf8');
    if (text === LEGACY + FILLER) before++;
    else if (text === MIGRATED + FILLER) after++;
  }
  return { before, after, errors, signal: child.signalCode };
}

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s while writing', (signal) => {
  it('ends the run after the current file, says so, and leaves no temporary file', { timeout: 120_000 }, async () => {
    const root = temporaryTree(
      Object.fromEntries(Array.from({ length: FILES }, (_, index) => [`f${index}.js`, LEGACY + FILLER])),
    );
    const run = await killedRun(root, 0, signal);
    expect(run.before + run.after).toBe(FILES);
    expect(readdirSync(root).length).toBe(FILES);
    expect(run.signal).toBe(signal);
    expect(run.errors).toMatch(new RegExp(`stopped by ${signal} after \\d+ changed files`));
  });
});

describe('kill -9 while writing', () => {
  it(
    'leaves each file with its old or its new text; the next run finishes and cleans up',
    { timeout: 240_000 },
    async () => {
      const root = temporaryTree(
        Object.fromEntries(Array.from({ length: FILES }, (_, index) => [`f${index}.js`, LEGACY + FILLER])),
      );
      let interrupted = 0;
      for (const delay of [0, 5, 15]) {
        const { before, after } = await killedRun(root, delay);
        expect(before + after).toBe(FILES);
        if (before > 0 && after > 0) interrupted++;
      }
      // Otherwise every run ended before it was killed, and the test proves nothing.
      expect(interrupted).toBeGreaterThan(0);
      expect(mirrorscope(root, ['migrate', '--write']).code).toBe(0);
      expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      expect(readdirSync(root)).toHaveLength(FILES);
      expect(readFileSync(path.join(root, `f${FILES - 1}.js`), 'utf8')).toBe(MIGRATED + FILLER);
    },
  );
});
