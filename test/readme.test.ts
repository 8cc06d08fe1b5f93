/** The examples of README.md do what the page says. Runs against the built package. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The code blocks of one language, in the order of the page; `after` the language comes an optional word. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);
}

function block(language: string, index = 0): string {
  const code = blocks(language)[index];
  if (code === undefined) throw new Error(`README.md has no block ${String(index + 1)} of ${language}`);
  return code;
}

let folder = '';

function run(...parameters: string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const env = { ...process.env, MIRRORSCOPE_ENGINE: 'logical' };
  return spawnSync(process.execPath, parameters, { cwd: folder, encoding: 'utf8', env });
}

function migrate(file: string, before: string): string {
  writeFileSync(path.join(folder, file), before);
  const bin = path.join(root, 'dist/cli/bin.js');
  const { stderr } = run(bin, 'migrate', '--write', '--output', 'report.txt', file);
  expect(stderr).toBe('');
  return readFileSync(path.join(folder, file), 'utf8');
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-readme-'));
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/mirrorscope'));
  for (const name of ['@tensorflow', 'eslint', 'typescript', 'typescript-eslint'])
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('README.md', () => {
  it('shows what migrate does to Python', () => {
    expect(blocks('python')).toHaveLength(2);
    expect(migrate('train.py', block('python'))).toBe(block('python', 1));
  });

  it('shows what migrate does to JavaScript', () => {
    expect(migrate('train.js', block('js before'))).toBe(block('js after'));
  });

  it('shows a training program that runs', () => {
    writeFileSync(path.join(folder, 'program.js'), block('js', 0));
    const { status, stderr } = run('program.js');
    expect(status, stderr).toBe(0);
  });

  it('shows an ESLint configuration that lints JavaScript and TypeScript as it stands', () => {
    writeFileSync(path.join(folder, 'eslint.config.js'), block('js', 1));
    const legacy = "import { multiGpuModel } from '@tensorflow/tfjs-layers';\n";
    for (const name of ['old.js', 'old.jsx']) writeFileSync(path.join(folder, name), legacy);
    for (const name of ['old.ts', 'old.tsx', 'old.mts'])
      writeFileSync(path.join(folder, name), `${legacy}export const count: number = 2;\n`);
    const { stdout, stderr } = run('node_modules/eslint/bin/eslint.js', '--format', 'json', 'old.*');
    expect(stderr).toBe('');
    const results = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string | null }[] }[];
    expect(results).toHaveLength(5);
    for (const { filePath, messages } of results)
      expect(
        messages.map(({ ruleId }) => ruleId),
        filePath,
      ).toContain('mirrorscope/no-multi-gpu-model');
  });

  it('links to files that exist', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(() => readFileSync(path.join(root, link)), link).not.toThrow(/ENOENT/);
  });
});
