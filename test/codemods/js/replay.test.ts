/** Runs a short `npm run replay`, and jscodeshift's own runner, on the built package. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const temporary = mkdtempSync(path.join(os.tmpdir(), 'mirrorscope-runner-'));
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

function node(...parameters: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { cwd: ROOT, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('replay', () => {
  it('finds no problem in real packages', () => {
    const { status, output } = node('scripts/replay/replay.js', 'semver', 'chalk', 'magic-string');
    expect(output).toMatch(/\b0 violations/);
    expect(output).toMatch(/^semver: \d{2,} files, 0 findings, 0 changed$/m);
    expect(status).toBe(0);
  });

  it('fails for a missing package', () => {
    expect(node('scripts/replay/replay.js', 'no-such-package-here').status).toBe(1);
  });
});

describe("jscodeshift's runner", () => {
  const fixture = (name: string, file: string): string => path.join(ROOT, 'fixtures/multi-gpu-model', name, file);

  it('runs the transform of the built package, and writes the same text', () => {
    const file = path.join(temporary, 'model.ts');
    cpSync(fixture('functional-model', 'input.ts'), file);
    const untouched = path.join(temporary, 'own.js');
    cpSync(fixture('ignored-own-function', 'input.js'), untouched);
    const before = readFileSync(untouched, 'utf8');
    const runner = path.join(ROOT, 'node_modules/jscodeshift/bin/jscodeshift.js');
    const transform = path.join(ROOT, 'dist/codemods/jscodeshift.js');
    const { status, output } = node(
      runner,
      '--run-in-band',
      '--parser=tsx',
      '--no-babel',
      '-t',
      transform,
      '--extensions=ts,js',
      temporary,
    );
    expect(output).toMatch(/1 ok/);
    expect(output).toMatch(/0 errors/);
    expect(status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(fixture('functional-model', 'expected.ts'), 'utf8'));
    expect(readFileSync(untouched, 'utf8')).toBe(before);
  });

  it('counts a file that does not parse as an error and leaves it', () => {
    const file = path.join(temporary, 'broken.js');
    writeFileSync(file, `const multiGpuModel = (;\n`);
    const runner = path.join(ROOT, 'node_modules/jscodeshift/bin/jscodeshift.js');
    const { output } = node(
      runner,
      '--run-in-band',
      '--no-babel',
      '-t',
      path.join(ROOT, 'dist/codemods/jscodeshift.js'),
      file,
    );
    expect(output).toMatch(/1 errors/);
    expect(readFileSync(file, 'utf8')).toBe(`const multiGpuModel = (;\n`);
  });
});
