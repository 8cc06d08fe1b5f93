/** Tests the Python shim with scripts that fail if it is wrong, and with five old scripts and their migrations. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runScripts, type ScriptRun, type ScriptSide } from '../../src/verify/run-scripts.js';
import { compareRuns } from '../../src/verify/verify-run.js';
import { defined } from '../support/defined.js';

import { hasPackage, PYTHON, REPOSITORY } from './python.js';

const CASES = path.join(REPOSITORY, 'fixtures/verify');
const SCRIPTS = path.join(REPOSITORY, 'test/verify/scripts');
const cases = readdirSync(CASES)
  .filter((name) => !name.startsWith('tf-keras') || hasPackage('tf_keras'))
  .sort();
const scripts = readdirSync(SCRIPTS)
  .filter((name) => name.endsWith('.py'))
  .sort();

describe.skipIf(PYTHON === undefined)('the Python shim', () => {
  const runs = new Map<string, ScriptRun>();
  // Scripts save files next to themselves.
  const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-shim-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function runSide(side: ScriptSide): Promise<void> {
    const own = scripts.filter((name) => name.startsWith(side));
    const paths = [...own.map((name) => `scripts/${name}`), ...cases.map((name) => `cases/${name}/${side}/train.py`)];
    const results = await runScripts({
      python: defined(PYTHON),
      side,
      scripts: paths.map((file) => ({ path: path.join(folder, file), root: path.join(folder, path.dirname(file)) })),
      devices: 2,
      steps: 10,
      timeout: 240_000,
    });
    for (const run of results) runs.set(path.relative(folder, run.path).replaceAll(path.sep, '/'), run);
  }

  beforeAll(async () => {
    cpSync(SCRIPTS, path.join(folder, 'scripts'), { recursive: true });
    cpSync(CASES, path.join(folder, 'cases'), { recursive: true });
    await Promise.all([runSide('before'), runSide('after')]);
  }, 300_000);

  it.each(scripts.filter((name) => !name.includes('swallows') && !name.includes('wants')))('%s', (name) => {
    const run = defined(runs.get(`scripts/${name}`));
    expect(run.error?.traceback ?? '').toBe('');
    expect(run.outcome).toBe('finished');
  });

  it('ends a script that catches every exception', () => {
    expect(runs.get('scripts/before_swallows.py')).toMatchObject({ outcome: 'stopped', records: { length: 10 } });
  });

  it('reports how many devices a script would have needed', () => {
    const run = defined(runs.get('scripts/before_wants_four.py'));
    expect(run).toMatchObject({ outcome: 'failed', devicesNeeded: 4, error: { type: 'MoreDevicesNeeded' } });
    expect(run.error?.message).toContain('Try reducing `gpus`');
  });

  it.each(cases)('trains %s in the same way before and after', (name) => {
    const runOf = (side: 'before' | 'after') => defined(runs.get(`cases/${name}/${side}/train.py`));
    const verdict = compareRuns(runOf('before'), runOf('after'), 1e-4);
    expect(verdict).toMatchObject({ outcome: 'same', stderrTail: '' });
    expect(verdict.steps).toBeGreaterThanOrEqual(6);
  });
});
