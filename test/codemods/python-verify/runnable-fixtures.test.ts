/**
 * Trains every Python fixture that is marked as runnable: its input with the shim, and its expected output without the
 * old APIs, in two processes. The losses must agree.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runScripts, type ScriptRun, type ScriptSide } from '../../../src/verify/run-scripts.js';
import { compareRuns } from '../../../src/verify/verify-run.js';
import { PYTHON, REPOSITORY } from '../../verify/python.js';

const FIXTURES = path.join(REPOSITORY, 'fixtures/python');
const STEPS = 10;
const TOLERANCE = 1e-4;

interface Fixture {
  readonly name: string;
  /** A file, or a folder in which `script` is run. */
  readonly before: string;
  readonly after: string;
  readonly script: string;
}

/**
 * A fixture of one file contains input.py and expected.py; a fixture of several files contains input/ and expected/,
 * and names its script.
 */
function runnableFixtures(): Fixture[] {
  if (!existsSync(FIXTURES)) return [];
  return readdirSync(FIXTURES)
    .sort()
    .flatMap((name) => {
      const folder = path.join(FIXTURES, name);
      const report = path.join(folder, 'report.json');
      const { runnable, script } = existsSync(report)
        ? (JSON.parse(readFileSync(report, 'utf8')) as { runnable?: boolean; script?: string })
        : {};
      if (runnable !== true) return [];
      const isFile = existsSync(path.join(folder, 'input.py'));
      const [before, after] = isFile ? ['input.py', 'expected.py'] : ['input', 'expected'];
      return [
        {
          name,
          before: path.join(folder, before),
          after: path.join(folder, after),
          script: isFile ? 'train.py' : (script ?? 'train.py'),
        },
      ];
    });
}

const fixtures = runnableFixtures();

/** A value that exists whenever a test below runs. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A run is missing.');
  return value;
}

describe.skipIf(PYTHON === undefined)('runnable Python fixtures', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-fixtures-'));
  const runs: Record<ScriptSide, Map<string, ScriptRun>> = { before: new Map(), after: new Map() };

  async function runSide(side: ScriptSide): Promise<void> {
    const scripts = fixtures.map((fixture) => {
      const root = path.join(folder, side, fixture.name);
      mkdirSync(root, { recursive: true });
      cpSync(fixture[side], fixture[side].endsWith('.py') ? path.join(root, fixture.script) : root, {
        recursive: true,
      });
      return { path: path.join(root, fixture.script), root };
    });
    const results = await runScripts({
      python: required(PYTHON),
      side,
      scripts,
      devices: 2,
      steps: STEPS,
      timeout: 840_000,
    });
    fixtures.forEach(({ name }, index) => runs[side].set(name, required(results[index])));
  }

  beforeAll(() => Promise.all([runSide('before'), runSide('after')]), 900_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('number at least forty', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(40);
  });

  it.each(fixtures)('$name gives the same losses before and after', ({ name }) => {
    const [before, after] = [required(runs.before.get(name)), required(runs.after.get(name))];
    const verdict = compareRuns(before, after, TOLERANCE);
    const { outcome, message, stderrTail } = verdict;
    expect({ outcome, stderrTail }, message).toEqual({ outcome: 'same', stderrTail: '' });
    expect(verdict.steps).toBeGreaterThanOrEqual(2);
  });
});
