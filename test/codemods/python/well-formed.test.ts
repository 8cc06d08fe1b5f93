/** Checks for code that the grammar accepts and Python rejects. */
import { describe, expect, it } from 'vitest';

import { loadPythonParser } from '../../../src/codemods/python/syntax/parser.js';
import { newFault } from '../../../src/codemods/python/well-formed.js';

const parser = await loadPythonParser();
const fault = (before: string, after: string): string | undefined =>
  newFault(parser.parse('a.py', before), parser.parse('a.py', after));

describe('a fault in the new text', () => {
  it.each([
    ['with a:\nb()\n', 'the statement at line 1 has no body'],
    ['if a:\n    b()\nelse:\nc()\n', 'the statement at line 3 has no body'],
    ['def f():\n    with a:\n        with b:\n    c()\n', 'the statement at line 3 has no body'],
    ['if a:\n    b()\n      c()\n', 'the statements at line 3 have different indentation'],
    ['f(\n', 'it does not parse'],
  ])('is found in %j', (after, message) => {
    expect(fault('b()\n', after)).toBe(message);
  });

  it.each([
    ['if a: b()\n'],
    ['class A: pass\n'],
    ['def f():\n    """Text."""\n'],
    ['with a:\n    # why\n    b()\n'],
    ['try:\n    a()\nfinally:\n    b()\n'],
  ])('is not reported for %j', (after) => {
    expect(fault('b()\n', after)).toBeUndefined();
  });

  it('is ignored if the old text already has it', () => {
    expect(fault('with a:\nb()\n', 'with a:\nc()\n')).toBeUndefined();
  });
});

describe('tabs and spaces', () => {
  it.each([
    ['def f():\n    a()\ndef g():\n\tb()\n'],
    ['def f():\n\tif a:\n\t    b()\n'],
    ['def f():\n        if a:\n        \tb()\n'],
  ])('may differ where Python accepts it: %j', (after) => {
    expect(fault('b()\n', after)).toBeUndefined();
  });

  it.each([
    ['def f():\n\twith a:\n    \tb()\n', 3],
    ['def f():\n        a()\n\tb()\n', 3],
    ['def f():\n\twith a:\n\t\tb()\n                c()\n', 4],
  ])('are a fault where Python rejects them: %j', (after, line) => {
    expect(fault('b()\n', after)).toBe(`line ${line} mixes tabs and spaces in a way that Python rejects`);
  });
});
