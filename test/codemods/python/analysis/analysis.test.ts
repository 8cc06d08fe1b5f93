import { describe, expect, it } from 'vitest';

import { PythonModule } from '../../../../src/codemods/python/analysis/module.js';
import { isPure } from '../../../../src/codemods/python/analysis/purity.js';
import { assignmentOf } from '../../../../src/codemods/python/analysis/statements.js';
import { definitionsReaching, variableOf } from '../../../../src/codemods/python/analysis/variables.js';
import { descendants, type PyNode } from '../../../../src/codemods/python/syntax/node.js';
import { loadPythonParser } from '../../../../src/codemods/python/syntax/parser.js';

const parser = await loadPythonParser();

function analyze(text: string): PythonModule {
  return new PythonModule(parser.parse('test.py', text));
}

/** The last identifier or attribute whose text is this. */
function last(module: PythonModule, text: string): PyNode {
  const found = [...descendants(module.source.root)].filter(
    (node) => /identifier|attribute/.test(node.type) && module.source.textOf(node) === text,
  );
  return found.at(-1) as PyNode;
}

describe('origins', () => {
  it.each([
    ['import keras.utils as ku\nku.f', 'ku.f', ['keras.utils.f']],
    ['import keras.utils\nkeras.utils.f', 'keras.utils.f', ['keras.utils.f']],
    ['from keras import utils as u\nu.f', 'u.f', ['keras.utils.f']],
    ['from keras.utils import f as g\ng', 'g', ['keras.utils.f']],
    ['from .utils import f\nf', 'f', ['.utils.f']],
    ['from . import utils\nutils.f', 'utils.f', ['.utils.f']],
    ['try:\n    from a import f\nexcept ImportError:\n    from b import f\nf', 'f', ['a.f', 'b.f']],
    ['try:\n    from a import f\nexcept ImportError:\n    f = None\nf', 'f', ['a.f']],
    ['from a import f\ndef f():\n    pass\nf', 'f', []],
    ['from a import f\ndef g(f):\n    return f', 'f', []],
    ['def g():\n    from a import f\n    return f', 'f', ['a.f']],
    ['def g():\n    from a import f\nf', 'f', []],
    ['from a import f\nclass C:\n    f = 1\n    def g(self):\n        return f', 'f', ['a.f']],
    ['from a import f\n[f for f in x]', 'f', []],
  ])('of %j', (text, expression, origins) => {
    const module = analyze(text);
    expect(module.origins.of(last(module, expression))).toEqual(origins);
  });
});

describe('scopes', () => {
  it('make a name local to the function that assigns it, wherever the assignment is', () => {
    const module = analyze('x = 1\ndef f():\n    print(x)\n    x = 2\n');
    const binding = module.scopes.module.bindings.get('x');
    expect(binding?.reads).toEqual([]);
  });

  it('respect global statements', () => {
    const module = analyze('x = 1\ndef f():\n    global x\n    x = 2\n');
    expect(module.scopes.module.bindings.get('x')?.writes).toHaveLength(2);
  });

  it('have correct offsets after characters of two code units', () => {
    const module = analyze('# 😀\nname = "😀"; other = name\n');
    expect(module.source.textOf(last(module, 'name'))).toBe('name');
  });
});

describe('definitions that reach a statement', () => {
  it.each([
    ['m = a()\nm = b()\nuse(m)', ['m = b()'], true],
    ['m = a()\nif c:\n    m = b()\nuse(m)', ['m = b()', 'm = a()'], true],
    ['m = a()\nif c:\n    m = b()\nelse:\n    m = d()\nuse(m)', ['m = b()', 'm = d()'], true],
    ['m = a()\nm = b(m)\nuse(m)', ['m = b(m)', 'm = a()'], true],
    ['if c:\n    m = a()\nuse(m)', ['m = a()'], false],
    ['with d:\n    m = a()\nuse(m)', ['m = a()'], true],
    ['def f(m):\n    use(m)', [], false],
  ])('in %j', (text, statements, complete) => {
    const module = analyze(text);
    const node = last(module, 'm');
    const variable = variableOf(module, node);
    const found = variable === undefined ? undefined : definitionsReaching(module, variable, node);
    expect(found?.statements.map((statement) => module.source.textOf(statement))).toEqual(statements);
    expect(found?.complete).toBe(complete);
  });
});

describe('purity', () => {
  it.each([
    ['len(args.gpus)', true],
    ['int(os.environ.get("N", "1"))', true],
    ['ask()', false],
    ['input()', false],
    ['[f(x) for x in y]', false],
    ['"0,1".split(",")', true],
    ['model.count_params()', false],
  ])('of %s', (expression, pure) => {
    const module = analyze(`import os\nx = ${expression}\n`);
    const statement = module.source.root.children.at(-1) as PyNode;
    expect(isPure(module, assignmentOf(statement)?.right as PyNode)).toBe(pure);
  });
});

it('reads Python 2 without an error, and reports the position of a syntax error', () => {
  expect(parser.parse('a.py', 'print "a"\nexec "b"\nraise E, "c"\n').syntaxErrors()).toEqual([]);
  const broken = parser.parse('b.py', 'x = 1\ndef f(:\n    pass\n');
  expect(broken.syntaxErrors().map((error) => broken.position(error.start).line)).toEqual([2]);
});
