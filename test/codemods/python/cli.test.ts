/** Migrates Python and notebooks with the built executable. Needs dist/, which `npm test` builds first. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '../../..');
const FIXTURES = join(REPOSITORY, 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'mirrorscope-python-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function mirrorscope(
  args: readonly string[],
  input?: string,
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(REPOSITORY, 'dist/cli/bin.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
  });
}

it.each(['same-name-if', 'gan', 'comments-kept', 'own-function'])('migrates %s through standard input', (name) => {
  const input = readFileSync(join(FIXTURES, 'python', name, 'input.py'), 'utf8');
  const files = readdirSync(join(FIXTURES, 'python', name));
  const expected = files.includes('expected.py')
    ? readFileSync(join(FIXTURES, 'python', name, 'expected.py'), 'utf8')
    : input;
  expect(mirrorscope(['migrate', '--stdin', '--stdin-filename', 'train.py'], input).stdout).toBe(expected);
});

it('migrates a notebook through standard input', () => {
  const input = readFileSync(join(FIXTURES, 'notebook/cell-to-cell/input.ipynb'), 'utf8');
  const expected = readFileSync(join(FIXTURES, 'notebook/cell-to-cell/expected.ipynb'), 'utf8');
  expect(mirrorscope(['migrate', '--stdin', '--stdin-filename', 'train.ipynb'], input).stdout).toBe(expected);
});

it('reports and writes a project of several files as a whole', () => {
  cpSync(join(FIXTURES, 'python/project-compiled-in-another-file/input'), folder, { recursive: true });
  const check = mirrorscope(['check', '--format', 'json', '.']);
  expect(check.status).toBe(1);
  expect(check.stdout).toContain('multi-gpu-model');
  expect(mirrorscope(['check', '--format', 'github', '.']).stdout).toContain('network.py');
  expect(mirrorscope(['migrate', '--write', '--allow-dirty', '.']).status).toBe(0);
  for (const name of ['network.py', 'train.py']) {
    const expected = readFileSync(join(FIXTURES, 'python/project-compiled-in-another-file/expected', name), 'utf8');
    expect(readFileSync(join(folder, name), 'utf8')).toBe(expected);
  }
  expect(mirrorscope(['check', '.']).status).toBe(0);
});

it('warns, before and after writing, about versions in which the new strategy fails', () => {
  const project = mkdtempSync(join(folder, 'versions-'));
  cpSync(join(FIXTURES, 'python/project-versions-mirrored-sums-gradients/input'), project, { recursive: true });
  expect(mirrorscope(['check', project]).stdout).toMatch(
    /warning {5}setup\.py requires keras==3\.6\.0[\s\S]*1 warning: /,
  );
  const written = mirrorscope(['migrate', '--write', '--allow-dirty', '--format', 'json', project]);
  expect(written.status).toBe(1);
  const [file] = (
    JSON.parse(written.stdout) as { files: { findings: { disposition: string; start: { line: number } }[] }[] }
  ).files;
  expect(file?.findings.map(({ disposition }) => disposition)).toEqual(['rewrite', 'warn']);
});

it('reports after writing that weights have to be converted, at the line that loads them', () => {
  const script = join(mkdtempSync(join(folder, 'weights-')), 'train.py');
  cpSync(join(FIXTURES, 'python/weights-of-wrapped-model/input.py'), script);
  const written = mirrorscope(['migrate', '--write', '--allow-dirty', '--format', 'json', script]);
  const [file] = (
    JSON.parse(written.stdout) as { files: { findings: { disposition: string; start: { line: number } }[] }[] }
  ).files;
  const reported = file?.findings.find(({ disposition }) => disposition === 'report');
  expect(readFileSync(script, 'utf8').split('\n')[(reported?.start.line ?? 0) - 1]).toContain('load_weights');
});
