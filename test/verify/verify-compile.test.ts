import { describe, expect, it } from 'vitest';

import { findPython } from '../../src/verify/python-interpreter.js';
import { verifyCompile } from '../../src/verify/verify-compile.js';
import { objectContaining, textContaining } from '../support/matchers.js';

const python = findPython({ root: import.meta.dirname, environment: {} });

describe('verifyCompile', () => {
  it('compiles many files in one process and names those that fail', async () => {
    const files = [
      { path: 'good.py', text: 'x = 1\n' },
      { path: 'bad.py', text: 'x = 1\nif x\n    y = 2\n' },
      { path: 'two.py', text: 'print "two"\n' },
      { path: 'null.py', text: 'x = 1\0' },
    ];
    const failures = await verifyCompile(files, python);
    expect(failures.map(({ path }) => path)).toEqual(['bad.py', 'two.py', 'null.py']);
    expect(failures[0]).toMatchObject({ line: 2, message: textContaining('SyntaxError') });
  });

  it('accepts what Python accepts: a byte-order mark, CRLF, tabs, a coding line, no final newline', async () => {
    const files = ['\uFEFFx = "ä"\r\n', 'if 1:\r\n\tx = 1', '# -*- coding: utf-8 -*-\nx = "日本"\n', ''];
    expect(
      await verifyCompile(
        files.map((text, index) => ({ path: `${index}.py`, text })),
        python,
      ),
    ).toEqual([]);
  });

  it('compiles the code cells of a notebook, without the lines that only IPython understands', async () => {
    const notebook = (...cells: string[]) =>
      JSON.stringify({
        nbformat: 4,
        cells: [
          { cell_type: 'markdown', source: 'not (python' },
          ...cells.map((source) => ({ cell_type: 'code', source: source.split(/(?<=\n)/) })),
        ],
      });
    const good = notebook(
      '%matplotlib inline\n!pip install x\nimport os',
      '%%bash\nls -l | wc',
      'if True:\n    %time x = 1\n',
      'files = !ls\nprint?\nawait x',
    );
    const bad = notebook('x = 1', 'if x\n  y');
    const failures = await verifyCompile(
      [
        { path: 'good.ipynb', text: good },
        { path: 'bad.ipynb', text: bad },
      ],
      python,
    );
    expect(failures.map(({ path }) => path)).toEqual(['bad.ipynb']);
  });

  it('throws a typed error when the interpreter does not exist', () => {
    expect(() => findPython({ python: '/nowhere/python', root: '/', environment: {} })).toThrow(
      objectContaining({ code: 'PYTHON_UNAVAILABLE', message: textContaining('/nowhere/python') }),
    );
  });
});
