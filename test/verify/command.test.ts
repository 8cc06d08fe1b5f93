/** `migrate --verify` as a user runs it, on the built executable. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { mirrorscope } from '../cli/command.js';
import { temporaryTree, treeContents } from '../scan/temporary-tree.js';
import { textContaining, textMatching } from '../support/matchers.js';

import { PYTHON, REPOSITORY } from './python.js';

const environment = { MIRRORSCOPE_PYTHON: PYTHON ?? 'python3' };
const RUN = ['migrate', '--write', '--verify=run', '--verify-script', 'train.py'];

/** With three examples per batch on two devices, the towers and Keras' strategy weight the examples differently. */
const UNEVEN = `
import numpy as np
from tensorflow.keras import Sequential, layers
from tensorflow.keras.utils import multi_gpu_model

x = np.random.rand(12, 4)
model = Sequential([layers.Input(shape=(4,)), layers.Dense(1)])
model = multi_gpu_model(model, gpus=2)
model.compile(loss='mse', optimizer='sgd')
model.fit(x, x[:, :1], batch_size=3, verbose=0)
`;

describe('migrate --verify', () => {
  it('writes files that compile', () => {
    const root = temporaryTree({ 'train.py': UNEVEN });
    const { code, stderr } = mirrorscope(root, ['migrate', '--write', '--verify'], { environment });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'mirrorscope: 1 changed Python file compiles\n' });
    expect(readFileSync(path.join(root, 'train.py'), 'utf8')).toContain('strategy.scope()');
  });

  it('is a usage error without a script, and with a missing one', () => {
    const root = temporaryTree({ 'train.py': UNEVEN });
    expect(mirrorscope(root, ['migrate', '--verify=run'])).toMatchObject({
      code: 2,
      stderr: textContaining('--verify-script'),
    });
    expect(mirrorscope(root, ['migrate', '--verify=run', '--verify-script', 'none.py'])).toMatchObject({
      code: 2,
      stderr: textContaining('none.py'),
    });
  });

  describe.skipIf(PYTHON === undefined)('with TensorFlow', () => {
    it('writes files that train as before', () => {
      const root = temporaryTree({
        'train.py': readFileSync(path.join(REPOSITORY, 'fixtures/verify/same-name/before/train.py')),
      });
      const { code, stderr } = mirrorscope(root, RUN, { environment });
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: textMatching(/trains as before: 8 training steps agree/),
      });
      expect(Object.keys(treeContents(root))).toEqual(['train.py']);
      expect(readFileSync(path.join(root, 'train.py'), 'utf8')).toContain('strategy.scope()');
    }, 240_000);

    it('keeps the old text of other files, reports the first difference, and fails', () => {
      const root = temporaryTree({ 'train.py': UNEVEN });
      const before = treeContents(root);
      const { code, stdout, stderr } = mirrorscope(root, RUN, { environment });
      expect(code).toBe(2);
      expect(stderr).toMatch(/not verified: Step 1: loss was [\d.]+ before and is [\d.]+ after/);
      expect(stdout).toContain('Step 1: loss was');
      expect(treeContents(root)).toEqual(before);
    }, 240_000);
  });
});
