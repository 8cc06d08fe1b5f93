import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { LANGUAGES } from '../../src/codemods/registry.js';
import { createParseFilter } from '../../src/scan/parse-filter.js';
import { defined } from '../support/defined.js';

import { temporaryTree } from './temporary-tree.js';

const python = defined(LANGUAGES.find(({ language }) => language === 'python'));
const WRAPS = 'from keras.utils import multi_gpu_model\nm = multi_gpu_model(m, 2)\n';

function filesToParse(files: Record<string, string>): string[] {
  const root = temporaryTree(files);
  const needsParsing = createParseFilter(python, root);
  return Object.keys(files).filter((name) => needsParsing(path.join(root, name), readFileSync(path.join(root, name))));
}

describe('the parse filter', () => {
  it('accepts files that import Keras only in a project with a wrap', () => {
    const files = {
      'a/setup.py': '',
      'a/layers.py': 'import keras\n',
      'b/setup.py': '',
      'b/layers.py': 'import keras\n',
    };
    expect(filesToParse(files)).toEqual([]);
    expect(filesToParse({ ...files, 'a/deep/train.py': WRAPS })).toEqual(['a/layers.py', 'a/deep/train.py']);
  });

  it('accepts files beside a strategy only if an earlier run can have moved them', () => {
    expect(
      filesToParse({
        'setup.py': '',
        'train.py': 'strategy = tf.distribute.MirroredStrategy()\n',
        'layers.py': 'import keras\n',
        'moved.py': 'from keras import backend\nfrom tensorflow.keras.layers import Dense\n',
      }),
    ).toEqual(['moved.py']);
  });

  it('never treats installed packages as part of a project', () => {
    expect(filesToParse({ 'site-packages/a/layers.py': 'import keras\n', 'site-packages/a/train.py': WRAPS })).toEqual([
      'site-packages/a/train.py',
    ]);
  });

  it('skips names in strings and comments, and code that cannot be a use', () => {
    const optimizers = 'from keras.optimizers import Adam\n';
    expect(
      filesToParse({
        'docstring.py': `${optimizers}"""Adam(lr=1)"""\n# opt.lr\n`,
        'assignment.py': `${optimizers}lr = 1\n`,
        'use.py': `${optimizers}Adam(lr=1)\n`,
        'broken.py': `${optimizers}Adam(lr=1)\nx = 'never closed\n`,
      }),
    ).toEqual(['use.py', 'broken.py']);
  });

  it('accepts files that cannot be decoded, so that the engine reports them', () => {
    const content = Buffer.concat([
      Buffer.from('from keras.optimizers import Adam\nAdam(lr=1) # '),
      Buffer.from([0xe9]),
    ]);
    expect(createParseFilter(python, '/none')('/none/a.py', content)).toBe(true);
  });
});
