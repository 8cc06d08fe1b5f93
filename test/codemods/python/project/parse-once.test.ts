/** Tests that no text is parsed twice in a run, whoever asks for it: migrations, passes, checks and other files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { migrationEnvironment } from '../../../../src/codemods/engine.js';
import { migrateWith } from '../../../../src/codemods/migrate-with.js';
import { analyzedModule } from '../../../../src/codemods/python/multi-gpu-model/find/origin-context.js';
import { PythonProjects } from '../../../../src/codemods/python/project/python-projects.js';
import { pythonSupport } from '../../../../src/codemods/python/python-support.js';
import { loadPythonParser } from '../../../../src/codemods/python/syntax/parser.js';
import { PythonSource } from '../../../../src/codemods/python/syntax/source.js';
import { createSourceFiles } from '../../../../src/scan/source-files.js';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/python');
const parser = await loadPythonParser();

/** Migrates all files of a folder in one run; returns how often each text was parsed. */
function parsesOf(root: string, mark: boolean): Map<string, number> {
  const parses = new Map<string, number>();
  const counting = {
    parse: (path: string, text: string) =>
      new PythonSource(path, text, () => {
        const key = `${path}\n${text}`;
        parses.set(key, (parses.get(key) ?? 0) + 1);
        return parser.parse(path, text).root;
      }),
  };
  const language = pythonSupport(new PythonProjects(counting, analyzedModule));
  const environment = migrationEnvironment({ root, files: createSourceFiles(), mark });
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  for (const name of names) {
    const result = migrateWith(language, name, readFileSync(join(root, name), 'utf8'), environment);
    expect(result.error).toBeUndefined();
  }
  return parses;
}

it.each([
  'project-gan-composed-in-one-scope',
  'project-compiled-through-package',
  'project-helper',
  'project-subclass',
  'project-refuse-trained-in-another-file',
  'project-imports-move-together',
  'legacy-api-fit-generator',
])('%s', (name) => {
  const folder = join(FIXTURES, name);
  const root = readdirSync(folder).includes('input') ? join(folder, 'input') : folder;
  for (const mark of [false, true]) {
    const twice = [...parsesOf(root, mark)].filter(([, count]) => count > 1).map(([text]) => text.split('\n')[0]);
    expect(twice).toEqual([]);
  }
});
