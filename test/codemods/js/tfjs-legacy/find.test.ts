/** What the finder returns beyond the plan of the migration: the kind of each use, suggestions, shared changes. */
import { describe, expect, it } from 'vitest';

import { applyEdits } from '../../../../src/codemods/edits/apply-edits.js';
import { parseJavaScript } from '../../../../src/codemods/js/syntax/parse.js';
import { findTfjsLegacy, tfjsLegacy } from '../../../../src/codemods/js/tfjs-legacy/index.js';
import { type MigrationContext } from '../../../../src/codemods/migration.js';
import { DEFAULT_OPTIONS } from '../../../../src/codemods/options.js';
import { defined } from '../../../support/defined.js';

const CONTEXT: MigrationContext = {
  ...DEFAULT_OPTIONS,
  absolutePath: undefined,
  files: undefined,
  acrossFiles: false,
};

const find = (code: string, ignore: string[] = [], path = 'code.ts') =>
  findTfjsLegacy(parseJavaScript(path, code), { ignore });

describe('kinds of use', () => {
  it('decide which lint rule reports a use', () => {
    const code = [
      "import * as tf from '@tensorflow/tfjs';",
      "import { loadModel } from '@tensorflow/tfjs';",
      "const { toPixels } = require('@tensorflow/tfjs');",
      "export { Model } from '@tensorflow/tfjs';",
      "import '@tensorflow/tfjs-core/dist/ops/image_ops';",
      'const { fromPixels } = tf;',
      'tf.ENV.engine;',
      'let model: tf.Model;',
      'tf.tidy(name, fn, true);',
      'tf.ones([2]).get(0);',
    ].join('\n');
    expect(find(code).map(({ kind, finding }) => `${finding.start.line} ${kind} ${finding.api}`)).toEqual([
      '2 import tf.loadModel',
      '3 import tf.toPixels',
      '4 import tf.Model',
      '5 import @tensorflow/tfjs-core/dist/ops/image_ops',
      '6 member tf.fromPixels',
      '7 member tf.ENV.engine',
      '8 type tf.Model',
      '9 option tf.tidy(name, fn, gradMode)',
      '10 member Tensor#get',
    ]);
  });

  it('point at the method, not at the start of its chain', () => {
    const [use] = find("import * as tf from '@tensorflow/tfjs';\ntf.ones([2])\n  .addStrict(b);\n");
    expect(use?.finding.start).toMatchObject({ line: 3, column: 4 });
    expect(use?.finding.end).toMatchObject({ line: 3, column: 13 });
  });
});

describe('the message', () => {
  const messagesOf = (code: string): string[] => find(code).map(({ finding }) => finding.message);

  it('names the use that blocks an import, and its line', () => {
    const code = "import { add, oneHot, zeros } from 'deeplearn';\nadd(zeros([1]), x);\n\noneHot(x, 10);\n";
    expect(messagesOf(code)).toEqual([
      'deeplearn was renamed to @tensorflow/tfjs-core in 0.6.0. oneHot in line 4 stands in the way.',
    ]);
  });

  it('says where a name of a deep import is now, or that it is gone', () => {
    const code = [
      "import { ContainerConfig, InputLayer, LayerConfig } from '@tensorflow/tfjs-layers/dist/engine/topology';",
      "import { PaddingMode } from '@tensorflow/tfjs-layers/dist/common';",
      "import { DType } from '@tensorflow/tfjs-core/dist/types';",
    ].join('\n');
    expect(messagesOf(code)).toEqual([
      '@tensorflow/tfjs-layers/dist/engine/topology no longer exports ContainerConfig; use ContainerArgs of @tensorflow/tfjs-layers/dist/engine/container.',
      '@tensorflow/tfjs-layers/dist/engine/topology no longer exports InputLayer; use InputLayer of @tensorflow/tfjs-layers/dist/engine/input_layer.',
      'The type LayerConfig was renamed to LayerArgs in tfjs-layers 0.9.2.',
      '@tensorflow/tfjs-layers/dist/common no longer exports PaddingMode; use PaddingMode of @tensorflow/tfjs-layers/dist/keras_format/common.',
      '@tensorflow/tfjs-core/dist/types no longer exports DType, and nothing replaces it.',
    ]);
  });
});

describe('the type of a receiver', () => {
  it('is called probable in the message where the code does not prove it', () => {
    const code = [
      "import * as tf from '@tensorflow/tfjs';",
      'export const certain = tf.scalar(1).get();',
      'export const probable = (x) => x.add(tf.scalar(1)).get();',
      'export const distinctive = (x) => x.addStrict(y);',
    ].join('\n');
    expect(
      find(code).map(({ finding }) => [finding.start.line, finding.message.includes('probably a Tensor')]),
    ).toEqual([
      [2, false],
      [3, true],
      [4, false],
    ]);
  });

  it('must be certain for a rewrite', () => {
    const code = [
      "import * as tf from '@tensorflow/tfjs';",
      'class Loader {',
      '  data = tf.data.array([1]);',
      '  run() { return this.data.forEach(print); }',
      '}',
    ].join('\n');
    expect(find(code)).toEqual([]);
  });

  it('is found in a file whose variables depend on each other', () => {
    const code = ["import * as tf from '@tensorflow/tfjs';", 'let a, b;', 'for (;;) { a = b; b = a; a.get(0); }'].join(
      '\n',
    );
    expect(find(code)).toEqual([]);
  });
});

describe('suggestions', () => {
  const code = [
    "import { addStrict as plus, tensor1d } from '@tensorflow/tfjs-core';",
    'plus(tensor1d([1]).mulStrict(a), b);',
    '',
  ].join('\n');

  it('are offered when only a person can decide', () => {
    const uses = find(code);
    expect(uses.map(({ finding }) => finding.disposition)).toEqual(['report', 'report']);
    expect(uses.map(({ change }) => change?.safety)).toEqual(['suggestion', 'suggestion']);
    const edits = uses.flatMap(({ change }) => change?.edits ?? []);
    expect(applyEdits(code, edits)).toBe(code.replace('addStrict', 'add').replace('mulStrict', 'mul'));
  });

  it('are never part of the migration', () => {
    const plan = tfjsLegacy.plan(parseJavaScript('code.js', code), CONTEXT);
    expect(plan.changes).toEqual([]);
    expect(plan.findings).toHaveLength(2);
  });
});

describe('changes', () => {
  it('are shared by the uses of one import', () => {
    const code = "import { fromPixels, toPixels } from '@tensorflow/tfjs';\ntoPixels(fromPixels(a), b);\n";
    const uses = find(code);
    expect(uses).toHaveLength(2);
    expect(uses[0]?.change).toBe(uses[1]?.change);
    expect(uses[0]?.change?.findings).toEqual(uses.map(({ finding }) => finding));
    expect(applyEdits(code, defined(uses[0]?.change).edits)).toBe(
      "import { browser } from '@tensorflow/tfjs';\nbrowser.toPixels(browser.fromPixels(a), b);\n",
    );
  });

  it('are separate for independent uses', () => {
    const code = "import * as tf from '@tensorflow/tfjs';\ntf.toPixels(tf.fromPixels(a), b);\n";
    const [first, second] = find(code);
    expect(first?.change).not.toBe(second?.change);
    expect(applyEdits(code, defined(first?.change).edits)).toBe(code.replace('tf.toPixels', 'tf.browser.toPixels'));
    expect(applyEdits(code, defined(second?.change).edits)).toBe(
      code.replace('tf.fromPixels', 'tf.browser.fromPixels'),
    );
  });
});

describe('refusals', () => {
  it('name the condition, and the line that does not prove it', () => {
    const code = "import { loadModel } from '@tensorflow/tfjs';\n\nloadModel(path, flag);\n";
    const [use] = find(code);
    expect(use?.finding.reason).toBe('condition-not-proved');
    expect(use?.finding.message).toBe(
      'tf.loadModel was removed in 1.0; use tf.loadLayersModel. Rewritten only when: one argument, or the second one is true or false. See loadModel in line 3.',
    );
  });
});

describe('options', () => {
  it('ignore entries by their id', () => {
    const code = "import * as tf from '@tensorflow/tfjs';\ntf.ENV.set('DEBUG', true), tf.fromPixels(a);\n";
    expect(find(code, ['tf.ENV']).map(({ finding }) => finding.api)).toEqual(['tf.fromPixels']);
  });
});

describe('names of user code', () => {
  it('can equal those of built-in objects', () => {
    const code =
      "import * as tf from '@tensorflow/tfjs';\ntf.toString(), tf.constructor.prototype, tf.hasOwnProperty('a'), tf.__proto__, x.valueOf();\n";
    expect(find(code)).toEqual([]);
  });

  it('are ignored in a file that loads no legacy module', () => {
    expect(find("const tf = {}; tf.loadModel('@tensorflow/tfjs');")).toEqual([]);
  });
});
