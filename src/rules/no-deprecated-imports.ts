/** The rule `no-deprecated-imports`: legacy modules and names where they are imported. */
import { legacyApiRule } from './legacy-api-rule.js';

export const noDeprecatedImports = legacyApiRule({
  name: 'no-deprecated-imports',
  description: 'disallow imports of removed and deprecated modules and names of TensorFlow.js, deeplearn and keras-js',
  reports: (kind) => kind === 'import',
});
