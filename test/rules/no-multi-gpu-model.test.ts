import { noMultiGpuModel } from '../../src/rules/no-multi-gpu-model.js';

import { runRuleCases } from './rule-tester.js';

const WRAPPED = `import * as tf from '@tensorflow/tfjs';
import { multiGpuModel } from '@tensorflow/tfjs-layers';

const template = tf.sequential(); // the template
const model = multiGpuModel(template, 2 /* GPUs */);
model.compile({ loss: 'meanSquaredError' });
await model.fit(x, y);
`;
const IMPORTS = `import * as tf from '@tensorflow/tfjs';
import { MirroredStrategy } from 'mirrorscope';

`;

runRuleCases('no-multi-gpu-model', noMultiGpuModel, {
  valid: [
    { name: 'a local function of that name', code: 'function multiGpuModel(model, gpus) {}\nmultiGpuModel(model, 2);' },
    {
      name: 'a function of that name that the file exports',
      code: 'export function multiGpuModel(model, gpus) {}\nexport default multiGpuModel(model, 2);',
    },
    {
      name: 'a method of that name',
      code: `import * as tf from '@tensorflow/tfjs';\nmine.utils.multiGpuModel(model, 2);`,
    },
    {
      name: 'a parameter of that name',
      code: `import * as tf from '@tensorflow/tfjs';\nexport const run = (multiGpuModel) => multiGpuModel(tf, 2);`,
    },
    { name: 'a word in a string', code: `import 'keras';\nconsole.log('multiGpuModel');` },
  ],
  invalid: [
    {
      name: 'refused, with the reason',
      code: WRAPPED.replace('2 /* GPUs */', '2, { cpuRelocation: true }'),
      output: null,
      errors: [{ messageId: 'refused', line: 5, column: 15, endLine: 5, endColumn: 28, suggestions: [] }],
    },
    {
      name: 'passed around',
      code: `const { multi_gpu_model } = require('keras/utils');\nmodule.exports = { multi_gpu_model };`,
      output: null,
      errors: [{ messageId: 'refused', line: 2 }],
    },
    {
      name: 'imported and not used',
      code: `import { multiGpuModel, tensor } from '@tensorflow/tfjs'; // both\ntensor([1]);`,
      output: `import { tensor } from '@tensorflow/tfjs'; // both\ntensor([1]);`,
      errors: [{ messageId: 'found', line: 1, column: 10 }],
    },
    {
      name: 'a function of a module that mirrorscope does not know',
      code: `import { multiGpuModel } from './models.js';\nmultiGpuModel(model, 2);`,
      output: null,
      errors: [{ messageId: 'found', line: 2, column: 1 }],
    },
    {
      name: 'a module from the options',
      options: [{ modules: ['@acme/keras'] }],
      code: `import { multiGpuModel } from '@acme/keras';\nexport const parallel = multiGpuModel;`,
      output: null,
      errors: [{ messageId: 'refused', line: 2, column: 14 }],
    },
    {
      name: 'exported from a destructuring pattern',
      code: `export const { multiGpuModel } = require('keras');`,
      output: null,
      errors: [{ messageId: 'refused', line: 1, column: 16 }],
    },
    {
      name: 'a module from the settings, together with one from the options',
      options: [{ modules: ['@acme/keras'] }],
      settings: { mirrorscope: { modules: ['@acme/compat'] } },
      code: `import { multiGpuModel } from '@acme/compat';\nimport { multi_gpu_model } from '@acme/keras';\nexport const all = [multiGpuModel, multi_gpu_model];`,
      output: null,
      errors: [
        { messageId: 'refused', line: 3, column: 21 },
        { messageId: 'refused', line: 3, column: 36 },
      ],
    },
    {
      name: 'a member of a namespace',
      code: `import * as tf from '@tensorflow/tfjs';\nexport const wrap = (model) => tf.utils.multiGpuModel(model, ...rest);`,
      output: null,
      errors: [{ messageId: 'refused', line: 2, column: 32, endColumn: 54 }],
    },
    {
      name: 'suggests the rewrite, and keeps comments',
      code: WRAPPED,
      output: null,
      errors: [
        {
          messageId: 'found',
          line: 5,
          suggestions: [
            {
              messageId: 'rewrite',
              data: { api: 'multiGpuModel' },
              output: `${IMPORTS}/* GPUs */
const strategy = new MirroredStrategy({ devices: 2 });
const template = strategy.scope(() => {
  const template = tf.sequential(); // the template
  template.compile({ loss: 'meanSquaredError' });
  return template;
});
await template.fit(x, y);
`,
            },
          ],
        },
      ],
    },
  ],
});
