/** `--verify=names`: what programs use of the installed TensorFlow, Keras and NumPy that these do not have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { findMissingNames } from '../../src/verify/names/find-missing-names.js';
import { originalPositions } from '../../src/verify/names/original-position.js';
import { PythonPositions } from '../../src/verify/names/python-positions.js';
import { ShadowedPackages } from '../../src/verify/names/shadowed-packages.js';
import { mirrorscope } from '../cli/command.js';
import { temporaryTree, treeContents } from '../scan/temporary-tree.js';
import { objectContaining, textContaining, textMatching } from '../support/matchers.js';

import { MISSING_NAMES, PRESENT_NAMES } from './names-table.js';
import { PYTHON, REPOSITORY } from './python.js';

const environment = { MIRRORSCOPE_PYTHON: PYTHON ?? 'python3' };

describe.skipIf(PYTHON === undefined)('findMissingNames', () => {
  const found = new Map<string, string[]>();

  beforeAll(async () => {
    const texts = [...MISSING_NAMES, ...PRESENT_NAMES].map(([title, text]) => ({ path: `${title}.py`, text }));
    const { missing, versions } = await findMissingNames(texts, {
      python: PYTHON ?? 'python3',
      root: REPOSITORY,
      repository: [],
      environment: process.env,
    });
    expect(versions.get('tensorflow')).toMatch(/^2\./);
    for (const { path: file, start, message } of missing)
      found.set(file, [...(found.get(file) ?? []), `${String(start.line)}:${String(start.column)} ${message}`]);
  }, 120_000);

  it.each(MISSING_NAMES)('finds %s', (title, _, ...expected) => {
    const messages = (found.get(`${title}.py`) ?? []).map((message) => message.replaceAll(/ \d+(\.\d+)+/g, ''));
    expect(messages).toEqual(expected);
  });

  it.each(PRESENT_NAMES)('says nothing of %s', (title) => {
    expect(found.get(`${title}.py`)).toBeUndefined();
  });
});

describe.skipIf(PYTHON === undefined)('--verify=names', () => {
  const OLD = `from keras.models import Sequential
from keras.utils import multi_gpu_model
import tensorflow as tf
from keras.layers import Dense

model = Sequential([Dense(1, input_shape=(4,))])
model = multi_gpu_model(model, gpus=2)
model.compile(loss='mse', optimizer='sgd')
text = 'ä'; tf.log(1.0)
`;

  it('lists in check why an old program does not run, next to what the migrations say', () => {
    const root = temporaryTree({ 'train.py': OLD, 'other.py': 'import numpy as np\nx = np.float(1)\n' });
    const { code, stdout, stderr } = mirrorscope(root, ['check', '--verify=names'], { environment });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^other\.py\n +2:5 +reported +NumPy [\d.]+ has no `numpy\.float`\. Use float\.$/m);
    expect(stdout).toMatch(/^ +9:13 +reported +TensorFlow [\d.]+ has no `tensorflow\.log`\. Use tf\.math\.log\.$/m);
    expect(stdout).toContain('to rewrite');
    expect(stdout).not.toContain('has no `keras.utils.multi_gpu_model`');
    expect(stderr).toMatch(/looked up the names in 2 Python files: tensorflow 2\./);
  });

  it('looks at the new text in migrate, and gives its positions once it is written', () => {
    const root = temporaryTree({ 'train.py': OLD });
    const preview = mirrorscope(root, ['migrate', '--verify=names'], { environment });
    expect(preview.stdout).toMatch(/^ +9:13 +reported +TensorFlow/m);
    const { stdout } = mirrorscope(root, ['migrate', '--write', '--verify=names', '--format', 'json'], { environment });
    const line = readFileSync(path.join(root, 'train.py'), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('tf.log'));
    const { files } = JSON.parse(stdout) as { files: { findings: unknown[] }[] };
    const finding = { migration: 'installed-names', message: textContaining('tf.math.log') };
    expect(files[0]?.findings).toContainEqual(
      objectContaining({ ...finding, start: objectContaining({ line: line + 1 }) }),
    );
  });

  it('finds names in the cells of a notebook', () => {
    const cells = [
      ['%matplotlib inline\n', 'import tensorflow as tf\n'],
      ["y = 'ä'\n", 'tf.placeholder(y)'],
    ];
    const notebook = JSON.stringify(
      { cells: cells.map((source) => ({ cell_type: 'code', source })), nbformat: 4 },
      undefined,
      1,
    );
    const root = temporaryTree({ 'train.ipynb': notebook });
    const { stdout } = mirrorscope(root, ['check', '--verify=names'], { environment });
    const lines = notebook.split('\n');
    const line = lines.findIndex((text) => text.includes('placeholder'));
    const column = (lines[line] ?? '').indexOf('tf.placeholder');
    expect(stdout).toContain(`${String(line + 1)}:${String(column + 1)}`);
  });

  it('runs nothing of the repository, also where it has the name of a package', () => {
    const root = temporaryTree({
      'train.py': 'import numpy as np\nimport keras\nnp.float(1)\nkeras.nothing()\n',
      'numpy.py': 'open("was-run", "w")\n',
      'keras/__init__.py': 'open("was-run", "w")\n',
    });
    const { code, stdout } = mirrorscope(root, ['check', '--verify=names'], {
      environment: { ...environment, PYTHONPATH: root },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: textMatching(/Nothing to migrate/) });
    expect(Object.keys(treeContents(root))).not.toContain('was-run');
  });

  it('looks in legacy Keras where the program chooses it', () => {
    const body = 'import tensorflow as tf\ntf.keras.models.Model.fit_generator\n';
    const root = temporaryTree({ 'train.py': `import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\n${body}` });
    expect(mirrorscope(root, ['check', '--verify=names'], { environment }).code).toBe(0);
    const other = temporaryTree({ 'train.py': body });
    expect(mirrorscope(other, ['check', '--verify=names'], { environment }).code).toBe(1);
  });
});

describe('--verify', () => {
  it.each(['compile', 'run'])('of check does not take %s', (mode) => {
    const root = temporaryTree({ 'train.py': '' });
    expect(mirrorscope(root, ['check', `--verify=${mode}`])).toMatchObject({
      code: 2,
      stderr: textContaining('--verify=names'),
    });
  });
});

describe('PythonPositions', () => {
  it('counts bytes in columns, and any line end', () => {
    const text = 'a\r\nä = "😀"; b\rc\n';
    const positions = new PythonPositions(text);
    expect(positions.at({ line: 2, column: 13 })).toEqual({ offset: text.indexOf('b'), line: 2, column: 11 });
    expect(positions.at({ line: 3, column: 0 })).toEqual({ offset: text.indexOf('c'), line: 3, column: 1 });
  });
});

describe('ShadowedPackages', () => {
  const shadowed = new ShadowedPackages(['keras/__init__.py', 'lib/numpy.py', 'lib/my_keras.py', 'train.py']);

  it.each([
    ['train.py', ['tensorflow', 'tf_keras', 'numpy']],
    ['lib/load.py', ['tensorflow', 'tf_keras']],
  ])('knows what %s takes from the repository', (file, packages) => {
    expect(shadowed.installedFor(file)).toEqual(packages);
  });
});

describe('originalPositions', () => {
  it('finds unchanged lines again, and the beginning of changed ones', () => {
    const [original, output] = ['a\nold\nb\nc\n', 'new 1\nnew 2\na\nb\nc\n'];
    const toOriginal = originalPositions({ original, output });
    const at = (line: number, column: number) => toOriginal({ offset: 0, line, column });
    expect(at(3, 1)).toEqual({ offset: 0, line: 1, column: 1 });
    expect(at(5, 2)).toEqual({ offset: 9, line: 4, column: 2 });
    expect(at(2, 3)).toMatchObject({ column: 1 });
  });
});
