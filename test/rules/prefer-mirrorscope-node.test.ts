import { preferMirrorscopeNode } from '../../src/rules/prefer-mirrorscope-node.js';

import { runRuleCases } from './rule-tester.js';

runRuleCases('prefer-mirrorscope-node', preferMirrorscopeNode, {
  valid: [
    { name: 'mirrorscope/node', code: `import * as tf from 'mirrorscope/node'; await tf.setBackend('mirrorscope');` },
    { name: 'another backend', code: `import * as tf from '@tensorflow/tfjs'; await tf.setBackend('cpu');` },
  ],
  invalid: [
    {
      name: 'suggests mirrorscope/node for an import',
      code: `import * as tf from '@tensorflow/tfjs-node'; // native\ntf.tensor([1]);`,
      errors: [
        {
          messageId: 'found',
          line: 1,
          column: 21,
          suggestions: [
            { messageId: 'rewrite', output: `import * as tf from 'mirrorscope/node'; // native\ntf.tensor([1]);` },
          ],
        },
      ],
    },
    {
      name: 'refuses a file that uses a member which mirrorscope/node lacks',
      code: `import * as tf from '@tensorflow/tfjs-node';\nconsole.log(tf.version['tfjs-node']);`,
      errors: [
        { messageId: 'refused', line: 1 },
        { messageId: 'refused', line: 2 },
      ],
    },
    {
      name: 'reports the backend name in a file that does not load the package',
      code: `import * as tf from '@tensorflow/tfjs';\nawait tf.setBackend('tensorflow');`,
      errors: [{ messageId: 'found', line: 2, suggestions: [] }],
    },
  ],
});
