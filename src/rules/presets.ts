/** The presets, derived from what each rule says of itself in `meta.docs.recommended`. Pure. */
import type { ESLint, Linter, Rule } from 'eslint';

import { NAMESPACE } from './plugin-meta.js';

/** What `strict` asks of a rule beyond its defaults. */
const STRICT_OPTIONS: ReadonlyMap<string, object> = new Map([
  ['create-model-in-scope', { exportedFunctions: true, everyModel: true }],
]);

/**
 * Files of other languages, for which ESLint would refuse rules for JavaScript. A list of files to include instead would
 * pull files into a project's linting that the project leaves out.
 */
const OTHER_LANGUAGES = ['**/*.{css,graphql,html,json,json5,jsonc,md,toml,yaml,yml}'];

/** The presets of the plugin, by their names. */
// An alias and not an interface: ESLint's type of plugins has an index signature, which no interface fits.
export type Presets = {
  /** Reports code that breaks, or that trains on one device although a strategy is there. */
  readonly recommended: Linter.Config;
  /** Everything in `recommended`, plus findings that can be false positives. */
  readonly strict: Linter.Config;
};

/**
 * @param rules - Every rule by its name. A preset names them all, so that it also turns off those it does not recommend.
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
