import { noDeprecatedMembers } from '../../src/rules/no-deprecated-members.js';

import { runRuleCases } from './rule-tester.js';

const IMPORT = `import * as tf from '@tensorflow/tfjs';\n`;

runRuleCases('no-deprecated-members', noDeprecatedMembers, {
  valid: [
    { name: 'current names', code: `${IMPORT}await tf.loadLayersModel('m'); tf.browser.fromPixels(canvas);` },
    {
      name: 'imports, which the other rule reports',
      code: `import { fromPixels } from '@tensorflow/tfjs'; fromPixels(canvas);`,
    },
    { name: 'a shadowed name', code: `${IMPORT}function f(tf) { tf.fromPixels(canvas); }` },
    { name: 'a global tf', code: `/* @tensorflow/tfjs */ tf.fromPixels(canvas);` },
    {
      name: 'an API that changed its meaning, used in its new meaning',
      code: `${IMPORT}await tf.setBackend('webgl');`,
    },
    { name: 'names of Object.prototype', code: `${IMPORT}tf.toString(); tf.constructor; tf.hasOwnProperty('x');` },
    {
      name: 'ignored by its option',
      options: [{ ignore: ['tf.fromPixels'] }],
      code: `${IMPORT}tf.fromPixels(canvas);`,
    },
  ],
  invalid: [
    {
      name: 'a rename',
      code: `${IMPORT}tf.fromPixels(canvas /* the input */);`,
      output: `${IMPORT}tf.browser.fromPixels(canvas /* the input */);`,
      errors: [{ messageId: 'found', line: 2, column: 1, endLine: 2, endColumn: 14 }],
    },
    {
      name: 'arguments in another order',
      code: `${IMPORT}tf.batchNormalization(x, mean, variance, 1e-3, scale, offset);`,
      output: `${IMPORT}tf.batchNorm(x, mean, variance, offset, scale, 1e-3);`,
      errors: [{ messageId: 'found' }],
    },
    {
      name: 'a condition that holds for one of two calls',
      code: `${IMPORT}await tf.loadModel('m');\nawait tf.loadModel('m', strict);`,
      output: `${IMPORT}await tf.loadLayersModel('m');\nawait tf.loadModel('m', strict);`,
      errors: [
        { messageId: 'found', line: 2 },
        { messageId: 'refused', line: 3 },
      ],
    },
    {
      name: 'a call that no tool can rewrite',
      code: `${IMPORT}tf.loadFrozenModel(model, weights);`,
      output: null,
      errors: [{ messageId: 'found', suggestions: [] }],
    },
    {
      name: 'a type',
      typescript: true,
      code: `${IMPORT}export function build(): tf.Model { return tf.sequential(); }`,
      output: `${IMPORT}export function build(): tf.LayersModel { return tf.sequential(); }`,
      errors: [{ messageId: 'found' }],
    },
    {
      name: 'beside an ignored one',
      options: [{ ignore: ['tf.fromPixels'] }],
      code: `${IMPORT}tf.fromPixels(canvas); tf.toPixels(image, canvas);`,
      output: `${IMPORT}tf.fromPixels(canvas); tf.browser.toPixels(image, canvas);`,
      errors: [{ messageId: 'found' }],
    },
  ],
});
