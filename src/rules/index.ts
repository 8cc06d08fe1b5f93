/** The entry point `mirrorscope/eslint`: a plugin for ESLint 9 and 10 with flat configuration. Loads no TensorFlow. */
import type { Presets } from './presets.js';
import type { ESLint } from 'eslint';

import { PLUGIN_META } from './plugin-meta.js';
import { createPresets } from './presets.js';
import { RULES } from './rule-table.js';

/** The plugin in the form that ESLint expects. */
interface MirrorscopePlugin extends ESLint.Plugin {
  readonly meta: typeof PLUGIN_META;
  readonly rules: typeof RULES;
  readonly configs: Presets;
}

/**
 * The ESLint plugin. Its rules report what `mirrorscope migrate` finds.
 *
 * @example
 * ```js
 * import mirrorscope from 'mirrorscope/eslint';
 *
 * export default [mirrorscope.configs.recommended];
 * ```
 */
const plugin: MirrorscopePlugin = {
  meta: PLUGIN_META,
  rules: RULES,
  configs: createPresets(RULES, () => plugin),
};

// `require` returns the export named `module.exports`, so a CommonJS configuration need not write `.default`.
export { plugin as default, plugin as 'module.exports' };
