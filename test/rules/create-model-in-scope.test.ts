import { createModelInScope } from '../../src/rules/create-model-in-scope.js';

import { runRuleCases } from './rule-tester.js';

const IMPORTS = `import * as tf from '@tensorflow/tfjs';
import { MirroredStrategy } from 'mirrorscope';
const strategy = new MirroredStrategy({ devices: 2 });
`;
const BUILD_AND_COMPILE = `const model = tf.sequential();
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
`;
const TRAIN = 'await model.fit(x, y);\n';

runRuleCases('create-model-in-scope', createModelInScope, {
  valid: [
    { name: 'no strategy', code: `import * as tf from '@tensorflow/tfjs';\n${BUILD_AND_COMPILE}${TRAIN}` },
    {
      name: 'everything in the scope',
      code: `${IMPORTS}const model = strategy.scope(() => {\n${BUILD_AND_COMPILE}return model;\n});\n${TRAIN}`,
    },
    {
      name: 'an exported function',
      code: `${IMPORTS}export async function train(x, y) {\n${BUILD_AND_COMPILE}${TRAIN}}`,
    },
  ],
  invalid: [
    {
      name: 'built at the top level',
      code: IMPORTS + BUILD_AND_COMPILE + TRAIN,
      errors: [
        {
          messageId: 'found',
          line: 4,
          column: 15,
          endLine: 4,
          endColumn: 28,
          suggestions: [
            {
              messageId: 'rewrite',
              output: `${IMPORTS}const model = strategy.scope(() => {
  const model = tf.sequential();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
});
${TRAIN}`,
            },
          ],
        },
      ],
    },
    {
      name: 'compiled at the top level',
      code: `${IMPORTS}const model = strategy.scope(() => tf.sequential());\nmodel.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });\n${TRAIN}`,
      errors: [
        {
          messageId: 'found',
          line: 5,
          column: 1,
          endLine: 5,
          endColumn: 14,
          suggestions: [
            {
              messageId: 'rewrite',
              output: `${IMPORTS}const model = strategy.scope(() => tf.sequential());\nstrategy.scope(() => model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' }));\n${TRAIN}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an exported function, with exportedFunctions',
      options: [{ exportedFunctions: true }],
      code: `${IMPORTS}export async function train(build, x, y) {\nconst model = tf.sequential();\nbuild(model);\nmodel.compile({ loss: 'meanSquaredError' });\n${TRAIN}}`,
      errors: [{ messageId: 'found', line: 5, suggestions: [] }],
    },
    {
      name: 'a model outside a scope that has other models, with everyModel',
      options: [{ everyModel: true }],
      code: `${IMPORTS}strategy.scope(() => tf.sequential());\nconst model = tf.sequential();\nawait model.fit(x, y);`,
      errors: [
        {
          messageId: 'found',
          line: 5,
          suggestions: [
            {
              messageId: 'rewrite',
              output: `${IMPORTS}strategy.scope(() => tf.sequential());\nconst model = strategy.scope(() => tf.sequential());\nawait model.fit(x, y);`,
            },
          ],
        },
      ],
    },
    {
      name: 'values with type annotations',
      typescript: true,
      code: `${IMPORTS}let model: tf.LayersModel;\nmodel = tf.sequential() as tf.LayersModel;\nmodel.compile({ loss: 'meanSquaredError' });\nawait model!.fit(x, y);`,
      errors: [{ messageId: 'found', line: 5, column: 9, suggestions: [] }],
    },
  ],
});
