import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryTree, treeContents } from '../scan/temporary-tree.js';

import { mirrorscope } from './command.js';
import { parseReport } from './json-output.js';
import { LEGACY, MIGRATED, withCrlf } from './legacy-sources.js';

const SCRIPT = `from tensorflow.keras.utils import multi_gpu_model
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense

model = Sequential()
model.add(Dense(10, input_shape=(784,)))
model = multi_gpu_model(model, gpus=2)
model.compile(loss='mse', optimizer='sgd')
model.fit(x, y, batch_size=256)
`;

function notebook(source: string): string {
  const lines = source.split(/(?<=\n)/);
  const cell = { cell_type: 'code', execution_count: 1, metadata: {}, outputs: [], source: lines };
  return `${JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

describe('Python beside JavaScript', () => {
  it('is previewed, checked and written in the same run', () => {
    const files = {
      'a.js': LEGACY,
      'train.py': withCrlf(SCRIPT),
      'train.ipynb': notebook(SCRIPT),
      'other.py': 'import numpy\n',
    };
    const root = temporaryTree(files);
    const check = mirrorscope(root, ['check', '--format', 'json']);
    expect(check.code).toBe(1);
    const report = parseReport(check.stdout);
    expect(report.files.map((file) => [file.path, file.status])).toEqual([
      ['a.js', 'changed'],
      ['train.ipynb', 'changed'],
      ['train.py', 'changed'],
    ]);
    expect(treeContents(root)).toEqual(files);
    const patch = mirrorscope(root, ['migrate', '--diff']).stdout;
    execFileSync('git', ['init', '-q', root]);
    execFileSync('git', ['apply', '--check', '-'], { cwd: root, input: patch });
    expect(mirrorscope(root, ['migrate', '--write', '--allow-dirty']).code).toBe(0);
    const script = readFileSync(path.join(root, 'train.py'), 'utf8');
    expect(script).toContain('with strategy.scope():\r\n');
    expect(script).not.toMatch(/multi_gpu_model|[^\r]\n/);
    const { cells } = JSON.parse(readFileSync(path.join(root, 'train.ipynb'), 'utf8')) as {
      readonly cells: readonly { readonly source: readonly string[] }[];
    };
    expect(cells[0]?.source.join('')).toBe(script.replaceAll('\r\n', '\n'));
    expect(readFileSync(path.join(root, 'a.js'), 'utf8')).toBe(MIGRATED);
    expect(mirrorscope(root, ['check']).code).toBe(0);
  });
});
