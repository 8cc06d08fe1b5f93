/** Every rule of the plugin by its name. Presets, the list of rules and the tests derive from this. Data only. */
import type { ESLint } from 'eslint';

import { createModelInScope } from './create-model-in-scope.js';
import { noDeprecatedImports } from './no-deprecated-imports.js';
import { noDeprecatedMembers } from './no-deprecated-members.js';
import { noMultiGpuModel } from './no-multi-gpu-model.js';
import { preferMirrorscopeNode } from './prefer-mirrorscope-node.js';

export const RULES = {
  'create-model-in-scope': createModelInScope,
  'no-deprecated-imports': noDeprecatedImports,
  'no-deprecated-members': noDeprecatedMembers,
  'no-multi-gpu-model': noMultiGpuModel,
  'prefer-mirrorscope-node': preferMirrorscopeNode,
} as const satisfies ESLint.Plugin['rules'];
