import { readFileSync } from 'node:fs';

import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Schema, schemaProblems } from '../../../src/cli/config/schema-check.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../schema/mirrorscope.schema.json', import.meta.url), 'utf8'),
) as Schema;

describe('schemaProblems', () => {
  it('reports what is wrong, where, and which name was probably meant', () => {
    expect(schemaProblems({ exlude: [] }, schema)).toEqual(['`exlude` is not a setting. Did you mean `exclude`?']);
    expect(schemaProblems({ include: 'src' }, schema)).toEqual(['`include` must be a list, not a string.']);
    expect(schemaProblems({ modules: ['a', 3, ''] }, schema)).toEqual([
      '`modules[1]` must be a string, not an integer.',
      '`modules[2]` must not be empty.',
    ]);
    expect(schemaProblems({ target: 'keras4' }, schema)).toEqual([
      '`target` must be one of auto, tf-keras, keras3; it is "keras4".',
    ]);
    expect(schemaProblems({ only: ['a', 'a'] }, schema)).toEqual(['`only` contains the same value twice.']);
    expect(schemaProblems([], schema)).toEqual(['The configuration must be an object, not a list.']);
    expect(schemaProblems(null, schema)).toEqual(['The configuration must be an object, not null.']);
    expect(schemaProblems(JSON.parse('{"__proto__": 1, "toString": 2}'), schema)).toHaveLength(2);
  });

  it('supports every JSON Schema keyword that the published schemas use', () => {
    const known = new Set([
      '$schema',
      'title',
      'description',
      'type',
      'properties',
      'additionalProperties',
      'items',
      'uniqueItems',
      'minLength',
      'enum',
    ]);
    const visit = (node: Record<string, unknown>): void => {
      for (const key of Object.keys(node)) expect(known).toContain(key);
      for (const child of Object.values((node['properties'] ?? {}) as Record<string, Record<string, unknown>>))
        visit(child);
      if (node['items'] !== undefined) visit(node['items'] as Record<string, unknown>);
    };
    visit(schema as Record<string, unknown>);
  });

  it('agrees with a general validator', () => {
    const validate = new Ajv({ strict: false }).compile(schema as object);
    const key = fc.constantFrom(
      'modules',
      'include',
      'exclude',
      'only',
      'mark',
      'target',
      'strategy',
      '$schema',
      'other',
    );
    const text = fc.constantFrom('', 'a', 'b', 'auto', 'keras3');
    const value = fc.oneof(
      fc.array(fc.oneof(text, fc.integer()), { maxLength: 3 }),
      fc.boolean(),
      text,
      fc.double(),
      fc.constant(null),
      fc.constant({}),
    );
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(key, value), value), (candidate) => {
        expect(schemaProblems(candidate, schema).length === 0).toBe(validate(candidate));
      }),
      { numRuns: 500 },
    );
  });
});
