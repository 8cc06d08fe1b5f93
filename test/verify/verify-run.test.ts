/** Verifies one correct and several wrong migrations completely: copies, both runs, comparison. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { verifyChanges } from '../../src/verify/verify-changes.js';
import { objectContaining, textContaining, textMatching } from '../support/matchers.js';

import { PYTHON, REPOSITORY } from './python.js';

const folder = path.join(REPOSITORY, 'fixtures/verify/new-name');
const original = readFileSync(path.join(folder, 'before/train.py'), 'utf8');
const migrated = readFileSync(path.join(folder, 'after/train.py'), 'utf8');

describe.skipIf(PYTHON === undefined)('verifyChanges', () => {
  let root = '';

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'mirrorscope-project-'));
    mkdirSync(path.join(root, 'weights'));
    writeFileSync(path.join(root, 'train.py'), original);
    writeFileSync(path.join(root, 'other.py'), 'import nothing\n');
    writeFileSync(path.join(root, 'final.weights.h5'), 'the user’s own');
  });

  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const run = (output: string) =>
    verifyChanges(
      [
        { path: 'train.py', original, output },
        { path: 'other.py', original: 'import nothing\n', output: 'import nothing_new\n' },
      ],
      {
        mode: 'run',
        root,
        script: 'train.py',
        python: PYTHON,
        steps: 4,
      },
    );

  it('confirms a correct migration, and leaves the project unchanged', async () => {
    const { rejected, run: result, reached } = await run(migrated);
    expect(result).toMatchObject({ ok: true, outcome: 'same', steps: 4, devices: 2 });
    expect(reached).toEqual(['train.py']);
    expect(rejected.size).toBe(0);
    expect(readFileSync(path.join(root, 'train.py'), 'utf8')).toBe(original);
    expect(readFileSync(path.join(root, 'final.weights.h5'), 'utf8')).toBe('the user’s own');
  }, 240_000);

  it('rejects a migration that halves the batch, and names the step', async () => {
    const { rejected, run: result } = await run(migrated.replace('batch_size=24', 'batch_size=12'));
    expect(result).toMatchObject({ ok: false, outcome: 'different', difference: { step: 1, name: 'loss' } });
    expect([...rejected.keys()]).toEqual(['train.py']);
    expect(rejected.get('train.py')).toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: textMatching(/Step 1: loss was [\d.]+ before/),
    });
  }, 240_000);

  it('rejects a migration that loses the call of compile', async () => {
    const { rejected, run: result } = await run(migrated.replace(/ +model\.compile.*\n/, ''));
    expect(result).toMatchObject({ ok: false, outcome: 'after-failed', message: textContaining('compile') });
    expect(result?.stderrTail).toContain('train.py');
    expect([...rejected.keys()]).toEqual(['train.py']);
  }, 240_000);

  it('runs nothing when a file does not compile, and rejects only that file', async () => {
    const { rejected, compiled } = await verifyChanges(
      [
        { path: 'train.py', original, output: migrated.replace('with strategy.scope():', 'with strategy.scope()') },
        { path: 'other.py', original: '', output: 'x = 1\n' },
      ],
      { mode: 'compile', root, python: PYTHON },
    );
    expect([...rejected]).toEqual([
      ['train.py', objectContaining({ code: 'VERIFICATION_FAILED', message: textContaining('line 10') })],
    ]);
    expect(compiled).toEqual(['other.py']);
  });

  it('does not mistake Python 2 for a wrong migration', async () => {
    const changes = [{ path: 'two.py', original: 'print "a"\n', output: 'print "b"\n' }];
    const { rejected, notPython3 } = await verifyChanges(changes, { mode: 'compile', root, python: PYTHON });
    expect({ rejected: rejected.size, notPython3 }).toEqual({ rejected: 0, notPython3: ['two.py'] });
  });

  it('keeps every old text when the run crashes or takes too long', async () => {
    const changes = [
      { path: 'train.py', original: 'import os\nos._exit(3)\n', output: 'import os\nos._exit(4)\n' },
      { path: 'helper.py', original: 'a = 1\n', output: 'a = 2\n' },
    ];
    const { rejected, run: result } = await verifyChanges(changes, {
      mode: 'run',
      root,
      script: 'train.py',
      python: PYTHON,
    });
    expect(result).toMatchObject({
      ok: false,
      outcome: 'before-failed',
      message: textContaining('exit code 3'),
    });
    expect([...rejected.keys()]).toEqual(['train.py', 'helper.py']);
    const slow = [{ path: 'train.py', original: 'while True: pass\n', output: 'while 1: pass\n' }];
    const late = await verifyChanges(slow, { mode: 'run', root, script: 'train.py', python: PYTHON, timeout: 1000 });
    expect(late.run?.message).toContain('did not end within 1 s');
    expect(late.rejected.size).toBe(1);
  }, 240_000);

  it('gives the script as many devices as it needs', async () => {
    const wide = original.replace('gpus=[0, 1]', 'gpus=4');
    const output = migrated.replace("['/gpu:0', '/gpu:1']", "['/gpu:0', '/gpu:1', '/gpu:2', '/gpu:3']");
    const { run: result } = await verifyChanges([{ path: 'train.py', original: wide, output }], {
      mode: 'run',
      root,
      script: 'train.py',
      python: PYTHON,
      steps: 2,
    });
    expect(result).toMatchObject({ ok: true, outcome: 'same', devices: 4, steps: 2 });
  }, 240_000);

  it('fails with an explanation when there is no TensorFlow', async () => {
    const changes = [{ path: 'train.py', original, output: migrated }];
    const environment = { ...process.env, MIRRORSCOPE_PYTHON: '', VIRTUAL_ENV: '', PATH: process.env['PATH'] };
    const options = { mode: 'run', root, script: 'train.py', environment } as const;
    await expect(verifyChanges(changes, { ...options, python: '/nowhere/python' })).rejects.toMatchObject({
      code: 'PYTHON_UNAVAILABLE',
    });
  });

  it('fails without a script', async () => {
    await expect(verifyChanges([], { mode: 'run', root })).rejects.toMatchObject({
      code: 'USAGE',
      message: textContaining('--verify-script'),
    });
    await expect(verifyChanges([], { mode: 'run', root, script: '../train.py' })).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(verifyChanges([], { mode: 'run', root, script: 'missing.py' })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});
