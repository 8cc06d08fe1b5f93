/** `npm run new`: each kind of skeleton type-checks and works in a copy of the repository. */
import type { migrateText } from '../../src/codemods/engine.js';

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addEntry, addEntryBefore, addImport, addSortedEntry } from '../../scripts/new/edit-source.js';
import { readRequest } from '../../scripts/new/request.js';
import { TEMPLATES } from '../../scripts/new/template-table.js';
import { writeNewFiles } from '../../scripts/new/write-new-files.js';
import { reportedFindings } from '../codemods/python/fixture-report.js';
import { defined } from '../support/defined.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NAMES = new Map([
  ['rule', 'no-sample-thing'],
  ['kernel', 'SampleKernel'],
  ['legacy-api', 'tf.contrib.distribute.SampleStrategy'],
  ['pass', 'sample-pass'],
  ['report-format', 'sample-format'],
]);

/** The migration that the author of the sample API chooses. */
const MIGRATION = 'contrib-distribute';
const CATALOGUE = 'src/catalogue/python-distribution.ts';

let copy = '';
const written: string[] = [];

beforeAll(async () => {
  copy = mkdtempSync(path.join(tmpdir(), 'mirrorscope-new-'));
  for (const name of ['src', 'test', 'package.json', 'tsconfig.json', '.prettierrc.json'])
    if (existsSync(path.join(ROOT, name))) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  for (const [kind, template] of TEMPLATES) {
    const skeleton = template.create(defined(NAMES.get(kind), kind), (file) =>
      readFileSync(path.join(copy, file), 'utf8'),
    );
    await writeNewFiles(pathToFileURL(`${copy}/`), skeleton);
    written.push(...skeleton.created.keys(), ...skeleton.changed.keys());
  }
  const catalogue = readFileSync(path.join(copy, CATALOGUE), 'utf8');
  expect(catalogue).toContain("migration: 'TODO'");
  writeFileSync(path.join(copy, CATALOGUE), catalogue.replace("migration: 'TODO'", `migration: '${MIGRATION}'`));
}, 60_000);

afterAll(() => {
  rmSync(copy, { recursive: true });
});

/** Loads a module of the copy. */
async function load(file: string): Promise<Record<string, unknown>> {
  return (await import(path.join(copy, file))) as Record<string, unknown>;
}

describe('the skeletons', () => {
  it('type-check', { timeout: 240_000 }, () => {
    const { config } = ts.readConfigFile(path.join(copy, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
      config: unknown;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, copy);
    const files = written.filter((file) => file.endsWith('.ts')).map((file) => path.join(copy, file));
    const program = ts.createProgram(files, options);
    const problems = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });

  it('add a rule to the plugin', async () => {
    const { RULES } = await load('src/rules/rule-table.ts');
    expect(RULES).toHaveProperty('no-sample-thing');
  });

  it('add a kernel to the catalogue', async () => {
    const { KERNEL_CATALOGUE } = await load('src/runtime/backend/kernels/kernel-catalogue.ts');
    expect(KERNEL_CATALOGUE).toHaveProperty('SampleKernel');
  });

  it('add a pass to the list', async () => {
    const { optimizeProgram } = await load('src/runtime/trace/passes/optimize-program.ts');
    expect(optimizeProgram).toBeTypeOf('function');
    expect(readFileSync(path.join(copy, 'src/runtime/trace/passes/optimize-program.ts'), 'utf8')).toContain(
      '\n  samplePass,\n  // Removes the ops that the passes above made unused.\n  pruneDeadOperations,\n',
    );
  });

  it('add a format to the reports', async () => {
    const { REPORT_FORMATS } = await load('src/report/formats-table.ts');
    expect(REPORT_FORMATS).toContainEqual(expect.objectContaining({ name: 'sample-format' }));
  });

  it('add a legacy API whose fixture fails until its findings are written', async () => {
    const folder = path.join(copy, 'fixtures/python/legacy-api-contrib-distribute-sample-strategy');
    const report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as { findings: unknown[] };
    const { migrateText: migrate } = (await load('src/codemods/engine.ts')) as { migrateText: typeof migrateText };
    const result = await migrate('input.py', readFileSync(path.join(folder, 'input.py'), 'utf8'));
    expect(report.findings).toEqual([]);
    expect(reportedFindings('input.py', result.findings, false)).toEqual([
      expect.objectContaining({ line: 5, migration: MIGRATION, disposition: 'report' }),
    ]);
  });
});

describe('a wrong request', () => {
  it.each([
    [[], 'Usage: npm run new -- KIND NAME'],
    [['rules', 'x'], 'There is no kind "rules".'],
    [['rule'], 'The name is missing. Write lower-case words'],
    [['rule', 'noLegacy'], '"noLegacy" cannot be the name of a rule. Write lower-case words'],
    [['rule', 'no-legacy', 'thing'], 'There is one argument too many: "thing".'],
  ])('%j: says what is wrong', (words, message) => {
    expect(() => readRequest(words, TEMPLATES)).toThrow(message);
  });

  it('does not happen with the examples', () => {
    for (const [kind, { example }] of TEMPLATES)
      expect(readRequest([kind, example], TEMPLATES)).toMatchObject({ name: example });
  });
});

it('a Keras API goes into the Keras catalogue under both of its names', () => {
  const template = defined(TEMPLATES.get('legacy-api'));
  const { changed, created } = template.create('tf.keras.utils.sample', (file) =>
    readFileSync(path.join(ROOT, file), 'utf8'),
  );
  expect(changed.get('src/catalogue/python-keras.ts')).toContain(
    "names: ['keras.utils.sample', 'tensorflow.keras.utils.sample']",
  );
  expect(created.get('fixtures/python/legacy-api-keras-utils-sample/input.py')).toContain('tf.keras.utils.sample()');
});

it('a kernel of the catalogue is refused', () => {
  const template = defined(TEMPLATES.get('kernel'));
  expect(() => template.create('BitwiseAnd', (file) => readFileSync(path.join(ROOT, file), 'utf8'))).toThrow(
    'There is a kernel BitwiseAnd already, in src/runtime/backend/kernels/math-kernels.ts.',
  );
});

it('an API of the catalogue is refused', () => {
  const template = defined(TEMPLATES.get('legacy-api'));
  expect(() =>
    template.create('tf.contrib.distribute.MirroredStrategy', (file) => readFileSync(path.join(ROOT, file), 'utf8')),
  ).toThrow('is already in src/catalogue/python-distribution.ts');
});

it('an existing file is never overwritten', async () => {
  const skeleton = { created: new Map([['package.json', '{}']]), changed: new Map<string, string>(), next: [] };
  await expect(writeNewFiles(pathToFileURL(`${copy}/`), skeleton)).rejects.toThrow('already exists');
});

describe('edits of a table', () => {
  const module = `import { a } from './a.js';\nimport { c } from './c.js';\n\nconst TABLE = [\n  a,\n  c,\n];\n`;

  it('keep imports in order and add the entry at the end', () => {
    expect(addEntry(addImport(module, '{ b }', './b.js'), 'TABLE', '  b,')).toBe(
      `import { a } from './a.js';\nimport { b } from './b.js';\nimport { c } from './c.js';\n\nconst TABLE = [\n  a,\n  c,\n  b,\n];\n`,
    );
  });

  it('put an entry in alphabetical order, or before another one', () => {
    const table = `const TABLE = [\n  a,\n  c,\n];\n`;
    const expected = `const TABLE = [\n  a,\n  b,\n  c,\n];\n`;
    expect(addSortedEntry(table, 'TABLE', '  b,')).toBe(expected);
    expect(addEntryBefore(table, 'TABLE', '  b,', '  c')).toBe(expected);
    expect(addSortedEntry(table, 'TABLE', '  d,')).toBe(addEntry(table, 'TABLE', '  d,'));
  });

  it('fail without the table', () => {
    expect(() => addEntry(module, 'OTHER', '  b,')).toThrow('There is no table OTHER.');
  });
});
