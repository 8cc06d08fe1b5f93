import { noDeprecatedImports } from '../../src/rules/no-deprecated-imports.js';

import { runRuleCases } from './rule-tester.js';

runRuleCases('no-deprecated-imports', noDeprecatedImports, {
  valid: [
    { name: 'current names', code: `import { loadLayersModel, browser } from '@tensorflow/tfjs';` },
    {
      name: 'members, which the other rule reports',
      code: `import * as tf from '@tensorflow/tfjs'; tf.loadModel('m');`,
    },
    { name: 'the same name from elsewhere', code: `import { loadModel } from './models.js'; loadModel('m');` },
    { name: 'another module with a similar name', code: `import 'deeplearn-extras';` },
    {
      name: 'ignored by its option',
      options: [{ ignore: ['tf.loadModel'] }],
      code: `import { loadModel } from '@tensorflow/tfjs'; loadModel('m');`,
    },
    {
      name: 'ignored by the settings',
      settings: { mirrorscope: { ignore: ['tf.loadModel'] } },
      code: `import { loadModel } from '@tensorflow/tfjs'; loadModel('m');`,
    },
  ],
  invalid: [
    {
      name: 'a name and its uses, in one fix',
      code: `import { loadModel } from '@tensorflow/tfjs'; // models\nconst model = await loadModel('m');`,
      output: `import { loadLayersModel } from '@tensorflow/tfjs'; // models\nconst model = await loadLayersModel('m');`,
      errors: [{ messageId: 'found', line: 1, column: 10, endLine: 1, endColumn: 19 }],
    },
    {
      name: 'an alias, which is kept',
      code: `import { loadModel as load } from '@tensorflow/tfjs-layers'; await load('m');`,
      output: `import { loadLayersModel as load } from '@tensorflow/tfjs-layers'; await load('m');`,
      errors: [{ messageId: 'found' }],
    },
    {
      name: 'a destructured require',
      code: `const { fromPixels } = require('@tensorflow/tfjs');\nfromPixels(canvas);`,
      output: `const { browser } = require('@tensorflow/tfjs');\nbrowser.fromPixels(canvas);`,
      errors: [{ messageId: 'found', line: 1 }],
    },
    {
      name: 'several names whose fixes overlap',
      code: `import { loadModel, fromPixels } from '@tensorflow/tfjs';\nawait loadModel('m'); fromPixels(canvas);`,
      output: `import { loadLayersModel, browser } from '@tensorflow/tfjs';\nawait loadLayersModel('m'); browser.fromPixels(canvas);`,
      errors: [{ messageId: 'found' }, { messageId: 'found' }],
    },
    {
      name: 'a use whose condition is not proved, which keeps its import',
      code: `import { loadModel } from '@tensorflow/tfjs'; await loadModel('m', strict);`,
      output: null,
      errors: [{ messageId: 'refused' }],
    },
    {
      name: 'a type',
      typescript: true,
      code: `import type { ModelFitConfig } from '@tensorflow/tfjs';\nexport const config: ModelFitConfig = {};`,
      output: `import type { ModelFitArgs } from '@tensorflow/tfjs';\nexport const config: ModelFitArgs = {};`,
      errors: [{ messageId: 'found' }],
    },
    {
      name: 'a module',
      code: `import * as tf from 'tfjs-node';`,
      output: `import * as tf from '@tensorflow/tfjs-node';`,
      errors: [{ messageId: 'found', line: 1, column: 21 }],
    },
  ],
});
