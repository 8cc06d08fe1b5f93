/** The catalogue is complete, consistent, and says of the installed tfjs what is true. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { type EntryFacts, type Fix, type JavaScriptEntry } from '../../src/catalogue/catalogue-entry.js';
import { JAVASCRIPT_APIS } from '../../src/catalogue/javascript-apis.js';
import { NODE_MODULES } from '../../src/catalogue/module-groups.js';
import { PYTHON_APIS } from '../../src/catalogue/python-apis.js';
import { LEGACY_API_MIGRATIONS } from '../../src/codemods/python/legacy-apis/migrations.js';

import { RESEARCHED_NAMES } from './researched-names-table.js';

const entries: readonly EntryFacts[] = [...JAVASCRIPT_APIS, ...PYTHON_APIS];
const ids = entries.map(({ id }) => id);

/** What a path from the exports of tfjs leads to. */
function valueAt(path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], tf);
}

describe('completeness', () => {
  it('accounts for all 147 researched names', () => {
    expect(RESEARCHED_NAMES.size).toBe(147);
    const missing = [...RESEARCHED_NAMES].filter(
      ([, found]) => found.length === 0 || found.some((id) => !ids.includes(id)),
    );
    expect(missing).toEqual([]);
  });

  it('names for every other entry a release, commit, issue or experiment that shows it', () => {
    const researched = new Set([...RESEARCHED_NAMES.values()].flat());
    const unfounded = entries.filter(({ id, source }) => !researched.has(id) && !/\d|\bexperiment\b/.test(source));
    expect(unfounded.map(({ id }) => id)).toEqual([]);
  });
});

describe('consistency', () => {
  it('has unique ids', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('writes versions as versions, lines of releases, or intervals', () => {
    const version = String.raw`\d+\.(?:\d+|x)(?:\.(?:\d+|x))?`;
    const wellFormed = new RegExp(`^${version}(?:\\.\\.${version})?$`);
    const bad = entries.flatMap(({ id, since, deprecatedIn, removedIn }) =>
      [since, deprecatedIn, removedIn]
        .filter((each) => each !== null && !wellFormed.test(each))
        .map((each) => `${id}: ${each}`),
    );
    expect(bad).toEqual([]);
  });

  it('gives a condition when and only when the class is conditional, and a fix when one may be made', () => {
    for (const entry of [...JAVASCRIPT_APIS, ...PYTHON_APIS]) {
      expect(entry.condition !== undefined, entry.id).toBe(entry.fixClass === 'conditional');
      expect(entry.fix !== undefined, entry.id).toBe(entry.fixClass === 'fix' || entry.fixClass === 'conditional');
    }
  });

  it('matches nothing when and only when it is not reported', () => {
    for (const { id, match, fixClass } of [...JAVASCRIPT_APIS, ...PYTHON_APIS]) {
      expect(match.by === 'none', id).toBe(fixClass === 'not-reported');
    }
  });

  it('names a migration for every Python API that docs/catalogue.md calls fixed or reported, and for no other', () => {
    for (const { id, migration, fixClass } of PYTHON_APIS) {
      const isFound = fixClass === 'fix' || fixClass === 'conditional' || fixClass === 'report';
      expect(migration !== undefined, id).toBe(isFound);
    }
  });

  it('lists each Python API under its own migration', () => {
    for (const { info, entries: own } of LEGACY_API_MIGRATIONS) {
      const wanted = PYTHON_APIS.filter(({ migration }) => migration === info.name);
      expect(own.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
      expect(own.length, info.name).toBeGreaterThan(0);
    }
  });

  it('only reports what changes without an error', () => {
    for (const { id, silent, fixClass } of entries) if (silent) expect(fixClass, id).toBe('report');
  });

  it('says a sentence, a note and a source', () => {
    for (const { id, message, note, source } of entries) {
      expect(message, id).toMatch(/\.$/);
      expect(message, id).not.toContain('\n');
      expect(note.length, id).toBeGreaterThan(0);
      expect(source.length, id).toBeGreaterThan(0);
    }
  });
});

describe('truth about the installed tfjs', () => {
  const isHere = ({ match }: JavaScriptEntry): boolean =>
    match.by === 'export' &&
    match.places.some(({ modules }) => modules.includes('@tensorflow/tfjs')) &&
    !match.places.every(({ modules }) => modules.every((module) => NODE_MODULES.includes(module)));
  const targetOf = (fix: Fix | undefined): readonly string[] | undefined =>
    fix !== undefined && 'to' in fix && typeof fix.to === 'object' ? fix.to : undefined;

  const replaced = JAVASCRIPT_APIS.filter(isHere).flatMap((entry) => {
    const to = targetOf(entry.fix ?? entry.suggestion);
    return to === undefined || entry.kind === 'type' ? [] : [{ id: entry.id, to }];
  });

  it.each(replaced)('has the replacement of $id', ({ to }) => {
    expect(valueAt(to)).toBeDefined();
  });

  const methods = JAVASCRIPT_APIS.flatMap(({ id, match, fix, suggestion }) => {
    const rename = fix ?? suggestion;
    return match.by === 'receiver' && (rename?.kind === 'rename-method' || rename?.kind === 'permute-method-arguments')
      ? [{ id, type: match.type, to: rename.to }]
      : [];
  });

  it.each(methods)('has the replacement of $id', ({ type, to }) => {
    const receiver: object = type === 'Tensor' ? tf.scalar(1) : tf.data.array([1]);
    expect(receiver[to as keyof object]).toBeTypeOf('function');
  });

  const removed = JAVASCRIPT_APIS.filter(isHere).flatMap(({ id, match, removedIn, kind }) =>
    match.by === 'export' && match.call === undefined && removedIn !== null && kind !== 'type'
      ? match.places.map(({ path }) => ({ id, path })).filter(({ path }) => !path.join('.').includes('*'))
      : [],
  );

  it.each(removed)('has no $id any more', ({ path }) => {
    expect(valueAt(path)).toBeUndefined();
  });

  const deprecated = ['tf.ENV', 'tf.io.browserHTTPRequest', 'tf.io.concatenateArrayBuffers'];

  it.each(deprecated)('still has %s', (id) => {
    expect(valueAt(id.split('.').slice(1))).toBeDefined();
    expect(JAVASCRIPT_APIS.find((entry) => entry.id === id)?.removedIn).toBeNull();
  });

  it('has tf.ENV as tf.env()', () => {
    expect(tf.ENV).toBe(tf.env());
  });
});
