import { describe, expect, it } from 'vitest';

import { migrateAcrossFiles } from '../../../src/codemods/across-files/migrate-across-files.js';
import { type ProjectFile } from '../../../src/codemods/across-files/project-file.js';
import { positionsIn } from '../../../src/codemods/edits/positions.js';
import { migrationEnvironment } from '../../../src/codemods/engine.js';
import { migrateWith } from '../../../src/codemods/migrate-with.js';
import { type LanguageSupport, type Migration, type SourceFiles } from '../../../src/codemods/migration.js';
import { RefusalReason } from '../../../src/codemods/refusal-reason.js';
import { type Change, type Disposition, type Finding } from '../../../src/codemods/result.js';

/** A text in a language with two statements: `old`, and `use <file>`, which needs a `def` in that file. */
interface Source {
  readonly path: string;
  readonly text: string;
}

function finding(migration: string, text: string, start: number, end: number, disposition: Disposition): Finding {
  const position = positionsIn(text);
  const reason = disposition === 'refuse' ? { reason: RefusalReason.ModelNotInView } : {};
  return {
    migration,
    api: migration,
    message: migration,
    disposition,
    ...reason,
    start: position(start),
    end: position(end),
  };
}

/** `old` becomes `new`. */
const renames: Migration<Source> = {
  name: 'renames',
  description: '',
  language: 'javascript',
  needles: ['old'],
  plan: ({ text }) => ({
    changes: [...text.matchAll(/\bold\b/g)].map(({ index }) => ({
      findings: [finding('renames', text, index, index + 3, 'rewrite')],
      edits: [{ start: index, end: index + 3, text: 'new' }],
      safety: 'safe',
    })),
    findings: [],
  }),
};

/** `use <file>` becomes `used <file>`, and `def` in that file becomes `given`; either both change or neither does. */
const uses = (becomes = 'used', given = 'given'): Migration<Source> => ({
  name: 'uses',
  description: '',
  language: 'javascript',
  needles: ['use'],
  acrossFiles: true,
  plan({ text }, { files, acrossFiles }) {
    const changes: Change[] = [];
    const findings: Finding[] = [];
    for (const { 0: statement, 1: name, index } of text.matchAll(/\buse (\S+)/g)) {
      const end = index + statement.length;
      const other = files?.read(`/root/${name}`);
      const start = other?.indexOf('def') ?? -1;
      if (!acrossFiles || start === -1) {
        findings.push(finding('uses', text, index, end, 'refuse'));
        continue;
      }
      changes.push({
        findings: [finding('uses', text, index, end, 'rewrite')],
        edits: [{ start: index, end: index + 3, text: becomes }],
        otherFiles: new Map([[`/root/${name}`, [{ start, end: start + 3, text: given }]]]),
        safety: 'suggestion',
      });
    }
    return { changes, findings };
  },
});

function languageWith(...migrations: Migration<Source>[]): LanguageSupport<Source> {
  return {
    language: 'javascript',
    migrations,
    parse: (path, text) => {
      if (text.includes('(broken')) throw new Error('does not parse');
      return { path, text };
    },
    mark: () => [],
  };
}

async function run(
  texts: Record<string, string>,
  language = languageWith(renames, uses()),
  elsewhere: Record<string, string> = {},
) {
  const all = new Map(Object.entries({ ...texts, ...elsewhere }));
  const files: SourceFiles = {
    read: (path) => all.get(path.replace('/root/', ''))?.replace(/^\uFEFF/, ''),
    isDirectory: () => false,
  };
  const environment = { ...migrationEnvironment({}), root: '/root', files };
  const migrated = Object.entries(texts).map(([path, text]) => ({
    path,
    text,
    result: migrateWith(language, path, text, environment),
  }));
  const readOriginal = (path: string) => all.get(path);
  return migrateAcrossFiles(migrated, {
    ...environment,
    readOriginal,
    loadLanguage: () => Promise.resolve(language as LanguageSupport<unknown>),
  });
}

const outputs = (files: readonly ProjectFile[]) =>
  Object.fromEntries(files.map(({ path, result }) => [path, result.output]));

describe('migrateAcrossFiles', () => {
  it('leaves a project unchanged when nothing needs another file', async () => {
    expect(await run({ a: 'old', b: 'use none' })).toEqual([]);
  });

  it('changes both files in one group, and reports findings at positions in the old text', async () => {
    const files = await run({ a: '\uFEFFold\r\nuse b old', b: 'def\nold' });
    expect(outputs(files)).toEqual({ a: '\uFEFFnew\r\nused b new', b: 'given\nnew' });
    expect(new Set(files.map(({ group }) => group)).size).toBe(1);
    expect(files[0]?.text).toBe('\uFEFFold\r\nuse b old');
    expect(
      files[0]?.result.findings.map(({ migration, disposition, start }) => [
        migration,
        disposition,
        start.line,
        start.column,
      ]),
    ).toEqual([
      ['renames', 'rewrite', 1, 1],
      ['uses', 'rewrite', 2, 1],
      ['renames', 'rewrite', 2, 7],
    ]);
    expect(files[1]?.result.findings.map(({ start }) => start.line)).toEqual([2]);
  });

  it('changes a file without findings of its own, and keeps its byte-order mark', async () => {
    expect(outputs(await run({ a: 'use lib' }, undefined, { lib: '\uFEFFdef' }))).toEqual({
      a: 'used lib',
      lib: '\uFEFFgiven',
    });
  });

  it('refuses the second of two changes that overlap, and reports it', async () => {
    const files = await run({ a: 'use lib', b: 'use lib' }, undefined, { lib: 'def' });
    expect(outputs(files)).toEqual({ a: 'used lib', b: undefined, lib: 'given' });
    expect(files[1]?.result.findings[0]).toMatchObject({
      disposition: 'refuse',
      reason: RefusalReason.OverlappingEdit,
    });
  });

  it('joins changes that share a file into one group, and keeps others apart', async () => {
    const files = await run({ a: 'use x use y', b: 'use z', x: 'def', y: 'def', z: 'def' });
    const groups = new Map(files.map(({ path, group }) => [path, group]));
    expect(groups.get('x')).toBe(groups.get('a'));
    expect(groups.get('y')).toBe(groups.get('a'));
    expect(groups.get('z')).toBe(groups.get('b'));
    expect(groups.get('b')).not.toBe(groups.get('a'));
  });

  it('edits neither installed packages nor files outside the run', async () => {
    expect(await run({ a: 'use node_modules/p/i' }, undefined, { 'node_modules/p/i': 'def' })).toEqual([]);
    expect(await run({ a: 'use ../b' }, undefined, { '../b': 'def' })).toEqual([]);
  });

  it('keeps every file of a group unchanged when the new text of one does not parse', async () => {
    const broken = await run({ a: 'use b', b: 'def old' }, languageWith(renames, uses('used', '(broken')));
    expect(broken.map(({ path, result }) => [path, result.status, result.error?.code])).toEqual([
      ['a', 'failed', 'INTERNAL'],
      ['b', 'failed', 'INTERNAL'],
    ]);
  });

  it('keeps every file unchanged when a second run would change them again', async () => {
    const files = await run({ a: 'use b', b: 'def' }, languageWith(renames, uses('use', 'def')));
    expect(files.map(({ result }) => result.error?.code)).toEqual(['INTERNAL', 'INTERNAL']);
  });
});
