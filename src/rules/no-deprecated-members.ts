/** The rule `no-deprecated-members`: legacy functions, methods, types and options where they are used. */
import { legacyApiRule } from './legacy-api-rule.js';

export const noDeprecatedMembers = legacyApiRule({
  name: 'no-deprecated-members',
  description:
    'disallow removed and deprecated functions, methods, types and options of TensorFlow.js, deeplearn and keras-js',
  reports: (kind) => kind !== 'import',
});
