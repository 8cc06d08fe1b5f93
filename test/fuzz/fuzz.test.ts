/** Replays what the fuzzer has found, and runs the fuzzer for a while. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { findPython } from '../../src/verify/python-interpreter.js';
import { verifyCompile } from '../../src/verify/verify-compile.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REGRESSIONS = path.join(ROOT, 'fixtures/fuzz');
const INPUTS = 2500;

const python = pythonOrUndefined();

function pythonOrUndefined(): string | undefined {
  try {
    return findPython({ root: ROOT, environment: process.env });
  } catch {
    return undefined;
  }
}

describe('inputs that failed once', () => {
  // The first one loads the parsers and ESLint, which takes long on a busy machine.
  it.each(readdirSync(REGRESSIONS))('%s', { timeout: 240_000 }, async (name) => {
    const { checkInput } = await import('../../scripts/fuzz/check-input.js');
    const text = readFileSync(path.join(REGRESSIONS, name), 'utf8');
    const outputs: { path: string; text: string }[] = [];
    for (const mark of [false, true]) {
      const { problems, output } = await checkInput({ name: `input${path.extname(name)}`, text, mark, story: '' });
      expect(problems).toEqual([]);
      if (output !== undefined && /\.(?:py|ipynb)$/.test(name)) outputs.push({ path: name, text: output });
    }
    if (python === undefined) return;
    // What Python never accepted may stay so.
    const isPython = outputs.length > 0 && (await verifyCompile([{ path: name, text }], python)).length === 0;
    if (isPython) expect(await verifyCompile(outputs, python)).toEqual([]);
  });
});

describe('the fuzzer', () => {
  it('finds nothing that must never happen', { timeout: 600_000 }, () => {
    const words = ['scripts/fuzz/fuzz.js', '--count', String(INPUTS), '--seed', '20', '--seconds', '110'];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
    expect(stdout + stderr).toMatch(/crash 0, hang 0, unstable 0, rejected 0, lost comment 0, outside 0/);
    expect(status).toBe(0);
  });
});
