import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { withRejected } from '../../src/cli/verify/rejected-files.js';
import { rejectedByPython } from '../../src/verify/language-check.js';
import { findPython, pythonCandidates } from '../../src/verify/python-interpreter.js';
import { mirrorscope } from '../cli/command.js';
import { addFiles, temporaryTree } from '../scan/temporary-tree.js';
import { textContaining } from '../support/matchers.js';

const GOOD = 'from keras.utils import multi_gpu_model\nm = multi_gpu_model(build(), 2)\nm.compile("sgd", "mse")\n';

/** A program that takes the place of Python, and leaves a witness when it runs. */
function fakePython(root: string, folder: string): string {
  const witness = path.join(root, 'witness');
  addFiles(root, { [`${folder}/python3`]: `#!/bin/sh\necho ran >> ${witness}\nexit 1\n` });
  chmodSync(path.join(root, folder, 'python3'), 0o755);
  return witness;
}

describe('rejectedByPython', () => {
  it('names the files whose new text Python rejects, unless it rejects the old one as well', async () => {
    const rejected = await rejectedByPython(
      [
        { path: 'good.py', original: 'x = 1\n', output: 'x = 2\n' },
        { path: 'bad.py', original: 'x = 1\n', output: 'with x:\n' },
        { path: 'two.py', original: 'print "x"\n', output: 'print "y"\n' },
        { path: 'other.js', original: '', output: '}' },
      ],
      import.meta.dirname,
      process.env,
    );
    expect([...rejected.keys()]).toEqual(['bad.py']);
    expect(rejected.get('bad.py')).toMatchObject({ code: 'INTERNAL', message: textContaining('bad.py') });
  });

  it('rejects nothing on a machine without Python, and tries the next one if one does not work', async () => {
    const root = temporaryTree();
    fakePython(root, 'bin');
    const change = [{ path: 'bad.py', original: 'x = 1\n', output: 'with x:\n' }];
    const broken = path.join(root, 'bin');
    expect((await rejectedByPython(change, import.meta.dirname, { PATH: broken })).size).toBe(0);
    const { PATH: system = '' } = process.env;
    expect((await rejectedByPython(change, import.meta.dirname, { PATH: `${broken}:${system}` })).size).toBe(1);
  });
});

it('a rejected file keeps its text, and so do the files that change together with it', () => {
  const changed = (name: string, group?: string) => ({
    result: { path: name, status: 'changed' as const, findings: [], output: 'new' },
    original: 'old',
    todoMarks: 0,
    ...(group !== undefined && { group }),
  });
  const files = [changed('a.py', 'g'), changed('b.py', 'g'), changed('c.py')];
  const error = { code: 'INTERNAL', message: 'no', hint: '' };
  const outcome = withRejected(files, new Map([['a.py', error]]));
  expect(outcome.map(({ result }) => result.status)).toEqual(['failed', 'failed', 'changed']);
});

describe.skipIf(process.platform === 'win32')('the interpreter', () => {
  it('is never a program of the repository that is migrated', () => {
    const root = temporaryTree({ 'train.py': GOOD, 'sub/train.py': GOOD });
    mkdirSync(path.join(root, '.git'));
    const outside = temporaryTree();
    const witnesses = ['node_modules/.bin', 'bin', '.venv/bin', 'venv/bin'].map((folder) => fakePython(root, folder));
    symlinkSync(path.join(root, 'bin/python3'), path.join(outside, 'python3'));
    const { PATH: system = '' } = process.env;
    const environment = {
      PATH: [path.join(root, 'node_modules/.bin'), path.join(root, 'bin'), 'bin', '.', outside, system].join(':'),
      MIRRORSCOPE_PYTHON: '',
      VIRTUAL_ENV: '',
    };
    for (const folder of [root, path.join(root, 'sub')]) {
      const candidates = pythonCandidates({ root: folder, environment });
      expect(candidates.filter((program) => realpathSync(program).startsWith(root))).toEqual([]);
      for (const words of [['migrate'], ['migrate', '--verify'], ['check']])
        mirrorscope(folder, words, { environment });
    }
    for (const witness of witnesses) expect(existsSync(witness)).toBe(false);
  });

  it('may be named, by a variable or by activating an environment', () => {
    const root = temporaryTree();
    fakePython(root, 'env/bin');
    const program = path.join(root, 'env/bin/python3');
    expect(pythonCandidates({ root, environment: { MIRRORSCOPE_PYTHON: program } })).toEqual([program]);
    expect(pythonCandidates({ root, environment: { VIRTUAL_ENV: path.join(root, 'env'), PATH: '' } })).toEqual([
      program,
    ]);
    expect(() => findPython({ root, environment: { PATH: '' } })).toThrow(/no python3 on the PATH/);
  });

  it('does not start when no Python file changes', () => {
    const root = temporaryTree({
      'a.js': "import * as tf from '@tensorflow/tfjs';\nawait tf.loadModel('x');\n",
      'b.py': 'x = 1\n',
    });
    const outside = temporaryTree();
    const witness = fakePython(outside, 'bin');
    const environment = { PATH: path.join(outside, 'bin'), MIRRORSCOPE_PYTHON: '', VIRTUAL_ENV: '' };
    mirrorscope(root, ['migrate'], { environment });
    expect(existsSync(witness)).toBe(false);
    addFiles(root, { 'c.py': GOOD });
    mirrorscope(root, ['migrate'], { environment });
    expect(existsSync(witness)).toBe(true);
  });
});
