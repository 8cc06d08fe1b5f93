/** Derives the presets from the `meta.docs.recommended` of each rule. Pure. */
import type { ESLint, Linter, Rule } from 'eslint';

import { NAMESPACE } from './plugin-meta.js';

/** The options that `strict` sets in addition to a rule's defaults. */
const STRICT_OPTIONS: ReadonlyMap<string, object> = new Map([
  ['create-model-in-scope', { exportedFunctions: true, everyModel: true }],
]);

/**
 * Files of other languages, for which ESLint rejects JavaScript rules. The presets exclude them; a list of files to
 * include would make ESLint lint files that the project does not lint.
 */
const OTHER_LANGUAGES = ['**/*.{css,graphql,html,json,json5,jsonc,md,toml,yaml,yml}'];

/** The presets of the plugin, by their names. */
// A type alias, because an interface does not match the index signature in ESLint's type of plugins.
export type Presets = {
  /** Reports code that breaks, or that trains on one device although the file creates a strategy. */
  readonly recommended: Linter.Config;
  /** Everything in `recommended`, plus findings that can be false positives. */
  readonly strict: Linter.Config;
};

/**
 * @param rules - Every rule by its name. A preset names them all, so that it also turns off those it does not
 *   recommend.
 * @param plugin - Returns the finished plugin; called when ESLint loads a configuration.
 */
export function createPresets(rules: Readonly<Record<string, Rule.RuleModule>>, plugin: () => ESLint.Plugin): Presets {
  const preset = (name: string, options: ReadonlyMap<string, object>): Linter.Config => ({
    name: `${NAMESPACE}/${name}`,
    ignores: OTHER_LANGUAGES,
    plugins: {
      get [NAMESPACE]() {
        return plugin();
      },
    },
    rules: Object.fromEntries(
      Object.entries(rules).map(([rule, { meta }]) => [
        `${NAMESPACE}/${rule}`,
        meta?.docs?.recommended === true ? levelWith(options.get(rule)) : 'off',
      ]),
    ),
  });
  return { recommended: preset('recommended', new Map()), strict: preset('strict', STRICT_OPTIONS) };
}

function levelWith(options: object | undefined): Linter.RuleEntry {
  return options === undefined ? 'error' : ['error', options];
}
