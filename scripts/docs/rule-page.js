/**
 * Renders the generated sections of the pages about lint rules from each rule's `meta`. People write the rest. Pure.
 */

import { replaceSection } from './generated-section.js';

/** @import { Rule } from 'eslint' */

/**
 * @typedef {object} Schema The part of JSON Schema that options use.
 * @property {unknown} [type] - JSON type.
 * @property {readonly unknown[] | undefined} [enum] - Allowed values.
 * @property {string | undefined} [description] - What the option means.
 * @property {Schema | readonly Schema[] | undefined} [items] - Schema of an array's items.
 * @property {Readonly<Record<string, Schema>> | undefined} [properties] - Schemas of an object's properties.
 *
 * @typedef {object} Plugin The part of the plugin that the pages show.
 * @property {Readonly<Record<string, { readonly meta?: Rule.RuleMetaData }>>} rules - By name.
 * @property {Readonly<Record<string, { readonly rules?: Readonly<Record<string, unknown>> }>>} configs - Presets, by
 *   name.
 * @property {{ readonly namespace: string }} meta - The prefix of rule names.
 */

/**
 * Updates a rule's page.
 * @param {string} page - The page.
 * @param {Plugin} plugin - The plugin.
 * @param {string} name - Name of the rule, without the namespace.
 * @returns {string} The page with new generated sections.
 * @throws {Error} When there is no such rule, or a section is missing.
 */
export function renderRulePage(page, plugin, name) {
  const meta = plugin.rules[name]?.meta;
  if (meta === undefined) throw new Error(`There is no rule ${name}.`);
  const title = `# ${plugin.meta.namespace}/${name}`;
  const titled = page.startsWith('# ') ? page.replace(/^# .*/, title) : `${title}\n\n${page}`;
  return replaceSection(replaceSection(titled, 'header', header(plugin, name, meta)), 'options', options(meta));
}

/**
 * Updates the list of all rules.
 * @param {string} page - The page.
 * @param {Plugin} plugin - The plugin.
 * @returns {string} The page with a new table.
 * @throws {Error} When the section of the table is missing.
 */
export function renderRuleIndex(page, plugin) {
  const rows = Object.entries(plugin.rules).map(([name, { meta = {} }]) => {
    const presets = presetsOf(plugin, name).map(({ preset }) => `\`${preset}\``);
    const abilities = [meta.fixable && '🔧', meta.hasSuggestions && '💡'].filter(Boolean);
    return `| [${name}](${name}.md) | ${capitalize(meta.docs?.description ?? '')} | ${presets.join(', ')} | ${abilities.join(' ')} |`;
  });
  const table = [
    '| Rule | What it does | Presets | |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '🔧 fixes, 💡 suggests.',
  ];
  return replaceSection(page, 'rules', table.join('\n'));
}

/**
 * Renders what a rule does and which presets turn it on.
 * @param {Plugin} plugin - The plugin.
 * @param {string} name - Name of the rule.
 * @param {Rule.RuleMetaData} meta - What the rule says about itself.
 * @returns {string} Markdown.
 */
function header(plugin, name, meta) {
  const lines = [`${capitalize(meta.docs?.description ?? '')}.`, ''];
  const presets = presetsOf(plugin, name).map(({ preset, options: given }) =>
    given === undefined ? `\`${preset}\`` : `\`${preset}\` (with \`${JSON.stringify(given)}\`)`,
  );
  lines.push(presets.length === 0 ? '- 💼 In no preset.' : `- 💼 On in the presets ${presets.join(' and ')}.`);
  if (meta.fixable) lines.push('- 🔧 `eslint --fix` rewrites a use where behaviour is provably the same.');
  if (meta.hasSuggestions) lines.push('- 💡 Editors offer other rewrites as suggestions.');
  return lines.join('\n');
}

/**
 * Renders the table of options.
 * @param {Rule.RuleMetaData} meta - What the rule says about itself.
 * @returns {string} Markdown.
 */
function options(meta) {
  /** @type {readonly Schema[]} */
  const schemas = Array.isArray(meta.schema) ? meta.schema : [];
  const defaults = new Map(Object.entries(/** @type {object} */ (meta.defaultOptions?.[0] ?? {})));
  const properties = Object.entries(schemas[0]?.properties ?? {});
  if (properties.length === 0) return 'This rule has no options.';
  const rows = properties.map(([key, property]) => {
    const value = defaults.has(key) ? `\`${JSON.stringify(defaults.get(key))}\`` : '';
    return `| \`${key}\` | ${typeName(property)} | ${value} | ${property.description ?? ''} |`;
  });
  return ['| Option | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/**
 * Lists the presets that turn a rule on.
 * @param {Plugin} plugin - The plugin.
 * @param {string} name - Name of the rule.
 * @returns {{ preset: string, options: unknown }[]} Each with the options that it gives to the rule.
 */
function presetsOf(plugin, name) {
  return Object.entries(plugin.configs).flatMap(([preset, config]) => {
    const entry = config.rules?.[`${plugin.meta.namespace}/${name}`];
    if (entry === undefined || entry === 'off') return [];
    /** @type {unknown} */
    const given = Array.isArray(entry) ? entry[1] : undefined;
    return [{ preset, options: given }];
  });
}

/**
 * Names the type of an option for people.
 * @param {Schema} schema - Schema of the option.
 * @returns {string} Markdown.
 */
function typeName(schema) {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.type === 'array') return `array of ${[schema.items ?? []].flat().map(typeName)[0] ?? 'anything'}s`;
  return String(schema.type);
}

/** @param {string} text - A sentence. */
function capitalize(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
