import { expect, it } from 'vitest';

import { readJson } from '../../../src/codemods/notebook/json-strings.js';
import { asPython } from '../../../src/codemods/notebook/magics.js';

it.each([
  ['%matplotlib inline', '#!atplotlib inline'],
  ['!ls -l', '#!s -l'],
  ['if x:\n    !ls -l', 'if x:\n    pass#l'],
  ['files = !ls', 'files = 0#s'],
  ['x = %timeit -o f()', 'x = 0#imeit -o f()'],
  ['model?', '#!del?'],
  ['%%time\nx = 1', '#!time\nx = 1'],
  ['%%bash\nls\n\ncd', '#%bash\n#s\n\n#d'],
  ['!', '#'],
  ['x = (1\n  % 2)', 'x = (1\n  % 2)'],
  ['x = 5 % 2', 'x = 5 % 2'],
  ['if a != b:\n    pass', 'if a != b:\n    pass'],
])('keeps length and lines: %j', (cell, python) => {
  expect(asPython(cell)).toBe(python);
  expect(python).toHaveLength(cell.length);
});

it('knows the offset of each character of a string', () => {
  const text = '{"a": ["x\\n\\u00e9\\"y", 1, true], "b": {}}';
  const root = readJson(text);
  const list = root.kind === 'object' ? root.members.get('a') : undefined;
  const [first] = list?.kind === 'array' ? list.items : [];
  if (first?.kind !== 'string') throw new Error('not read');
  expect(first.value).toBe('x\né"y');
  expect(first.offsets.map((offset) => text.slice(offset).replace(/^(\\u....|\\.|.).*$/, '$1'))).toEqual([
    'x',
    '\\n',
    '\\u00e9',
    '\\"',
    'y',
    '"',
  ]);
});
