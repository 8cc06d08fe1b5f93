/** What a run refuses, a second run over the written files finds again, in every folder under fixtures/python. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { migrateText } from '../../../src/codemods/engine.js';
import { type FileResult } from '../../../src/codemods/result.js';
import { createSourceFiles } from '../../../src/scan/source-files.js';

import { type FixtureReport } from './fixture-report.js';

const ROOT = join(import.meta.dirname, '../../../fixtures/python');
const written = mkdtempSync(join(tmpdir(), 'mirrorscope-refused-'));
afterAll(() => {
  rmSync(written, { recursive: true, force: true });
});

/** Runs over all Python files of a folder, as they were before the run, and then writes the outputs. */
async function runAndWrite(root: string, options: FixtureReport['options']): Promise<FileResult[]> {
  // A new run reads every file anew.
  const files = createSourceFiles();
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  const results: FileResult[] = [];
  for (const name of names.sort())
    results.push(await migrateText(name, readFileSync(join(root, name), 'utf8'), { ...options, root, files }));
  for (const { path, output } of results) if (output !== undefined) writeFileSync(join(root, path), output);
  return results;
}

/** The refused findings of a run, without their places, which move, and without line numbers in the messages. */
function refused(results: readonly FileResult[]): string[] {
  return results
    .flatMap(({ path, findings }) => findings.map((finding) => ({ path, ...finding })))
    .filter(({ disposition }) => disposition === 'refuse')
    .map(({ path, migration, reason }) => `${path} ${migration} ${reason ?? ''}`)
    .sort();
}

it.each(readdirSync(ROOT).sort())('finds again what it refused, and changes nothing more: %s', async (name) => {
  const folder = join(ROOT, name);
  const { options } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as FixtureReport;
  const root = join(written, name, 'project');
  // The project ends here, whatever else the folder for temporary files contains.
  mkdirSync(join(root, '.git'), { recursive: true });
  if (existsSync(join(folder, 'input.py'))) cpSync(join(folder, 'input.py'), join(root, 'input.py'));
  else cpSync(join(folder, 'input'), root, { recursive: true });
  const first = await runAndWrite(root, options);
  const second = await runAndWrite(root, options);
  expect(second.filter(({ status }) => status !== 'unchanged').map(({ path }) => path)).toEqual([]);
  expect(refused(second)).toEqual(refused(first));
});
