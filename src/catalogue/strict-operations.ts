/** Operations that require equal shapes, as functions and as methods. Data only. */
import type { JavaScriptEntry } from './catalogue-entry.js';

import { CORE_MODULES } from './module-groups.js';

const OPERATIONS = [
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'mod',
  'maximum',
  'minimum',
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'squaredDifference',
] as const;

const FACTS = {
  kind: 'member',
  fixClass: 'report',
  versionsOf: '@tensorflow/tfjs',
  deprecatedIn: '2.0.0',
  removedIn: '3.0.0',
  note: 'The result is the same for equal shapes, but the assertion is lost: the replacement broadcasts instead of throwing (executed: mulStrict([2, 2], [2]) threw, mul gives [2, 2]). tf.util.assertShapesMatch keeps the assertion.',
  source: 'tfjs 138f23a53 (#3239) deprecates; d28e22934 (#4537) removes',
} as const;

export const STRICT_OPERATIONS: readonly JavaScriptEntry[] = OPERATIONS.flatMap((name): JavaScriptEntry[] => {
  const since = name === 'mod' ? '0.9.0' : '0.6.1';
  return [
    {
      ...FACTS,
      id: `tf.${name}Strict`,
      since,
      match: { by: 'export', places: [{ modules: CORE_MODULES, path: [`${name}Strict`] }] },
      suggestion: { kind: 'rename', to: [name] },
      replacement: `tf.${name}`,
      message: `tf.${name}Strict was removed in 3.0; tf.${name} broadcasts where it threw.`,
    },
    {
      ...FACTS,
      id: `Tensor#${name}Strict`,
      since,
      match: {
        by: 'receiver',
        type: 'Tensor',
        members: [`${name}Strict`],
        call: { maximumArguments: 1 },
        distinctive: true,
      },
      suggestion: { kind: 'rename-method', to: name },
      replacement: `Tensor#${name}`,
      message: `Tensor#${name}Strict was removed in 3.0; Tensor#${name} broadcasts where it threw.`,
    },
  ];
});
