/**
 * The entry point `mirrorscope/eslint`: a plugin for ESLint 9 and 10 with flat configuration. Loads
 * no TensorFlow. The rules report what the migrations find.
 */
import type { ESLint, Linter } from 'eslint';

import { createModelInScope } from './create-model-in-scope.js';
import { noDeprecatedImports } from './no-deprecated-imports.js';
import { noDeprecatedMembers } from './no-deprecated-members.js';
import { noMultiGpuModel } from './no-multi-gpu-model.js';
import { NAMESPACE, PLUGIN_META } from './plugin-meta.js';
import { preferMirrorscopeNode } from './prefer-mirrorscope-node.js';

const rules = {
  'create-model-in-scope': createModelInScope,
  'no-deprecated-imports': noDeprecatedImports,
  'no-deprecated-members': noDeprecatedMembers,
  'no-multi-gpu-model': noMultiGpuModel,
  'prefer-mirrorscope-node': preferMirrorscopeNode,
} as const satisfies ESLint.Plugin['rules'];

type RuleName = keyof typeof rules;

/** The plugin as ESLint takes it. */
interface MirrorscopePlugin extends ESLint.Plugin {
  readonly meta: typeof PLUGIN_META;
  readonly rules: typeof rules;
  readonly configs: {
    /** What breaks, or trains on one device although a strategy is there. */
    readonly recommended: Linter.Config;
    /** The same, and what only may be wrong. */
    readonly strict: Linter.Config;
  };
}

/**
 * Files of other languages, for which ESLint would refuse rules for JavaScript. Naming what to leave out, rather than
 * what to take, keeps a preset from pulling in files that a project does not lint.
 */
const OTHER_LANGUAGES = ['**/*.{css,graphql,html,json,json5,jsonc,md,toml,yaml,yml}'];

function preset(name: string, levels: Readonly<Record<RuleName, Linter.RuleEntry>>): Linter.Config {
  return {
    name: `${NAMESPACE}/${name}`,
    ignores: OTHER_LANGUAGES,
    // ESLint reads this when it loads the configuration, by which time the plugin below is complete.
    plugins: {
      get [NAMESPACE]() {
        return plugin;
      },
    },
    rules: Object.fromEntries(Object.entries(levels).map(([rule, level]) => [`${NAMESPACE}/${rule}`, level])),
  };
}

const plugin: MirrorscopePlugin = {
  meta: PLUGIN_META,
  rules,
  configs: {
    recommended: preset('recommended', {
      'create-model-in-scope': 'error',
      'no-deprecated-imports': 'error',
      'no-deprecated-members': 'error',
      'no-multi-gpu-model': 'error',
      'prefer-mirrorscope-node': 'off',
    }),
    strict: preset('strict', {
      'create-model-in-scope': ['error', { exportedFunctions: true, everyModel: true }],
      'no-deprecated-imports': 'error',
      'no-deprecated-members': 'error',
      'no-multi-gpu-model': 'error',
      'prefer-mirrorscope-node': 'off',
    }),
  },
};

// The second name is what `require` returns, so that a CommonJS configuration need not write `.default`.
export { plugin as default, plugin as 'module.exports' };
