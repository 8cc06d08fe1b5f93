/**
 * The generated sections of the pages about lint rules: what can be read off a rule's `meta` is
 * written by this, everything else by people. Pure.
 */

/**
 * @typedef {{ type?: string, enum?: unknown[], description?: string, items?: Schema, properties?: Record<string, Schema> }} Schema
 * @typedef {{ docs: { description: string, recommended?: boolean }, fixable?: string, hasSuggestions?: boolean,
 *   schema: Schema[], defaultOptions: Record<string, unknown>[] }} Meta
 * @typedef {{ rules: Record<string, { meta: Meta }>, configs: Record<string, { rules: Record<string, unknown> }>,
 *   meta: { namespace: string } }} Plugin
 */

/**
 * A rule's page with its generated sections brought up to date.
 * @param {string} page
 * @param {Plugin} plugin
 * @param {string} name without the namespace
 */
export function renderRulePage(page, plugin, name) {
  const { meta } = plugin.rules[name];
  const title = `# ${plugin.meta.namespace}/${name}`;
  const titled = page.startsWith('# ') ? page.replace(/^# .*/, title) : `${title}\n\n${page}`;
  return replaceSection(
    replaceSection(titled, 'header', header(plugin, name, meta)),
    'options',
    options(plugin, name, meta),
  );
}

/**
 * The list of all rules with its generated table brought up to date.
 * @param {string} page
 * @param {Plugin} plugin
 */
export function renderRuleIndex(page, plugin) {
  const rows = Object.entries(plugin.rules).map(([name, { meta }]) => {
    const presets = presetsOf(plugin, name).map(({ preset }) => `\`${preset}\``);
    const abilities = [meta.fixable && '🔧', meta.hasSuggestions && '💡'].filter(Boolean);
    return `| [${name}](${name}.md) | ${capitalised(meta.docs.description)} | ${presets.join(', ')} | ${abilities.join(' ')} |`;
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

/** @param {Plugin} plugin @param {string} name @param {Meta} meta */
function header(plugin, name, meta) {
  const lines = [`${capitalised(meta.docs.description)}.`, ''];
  const presets = presetsOf(plugin, name).map(({ preset, options: given }) =>
    given === undefined ? `\`${preset}\`` : `\`${preset}\` (with \`${JSON.stringify(given)}\`)`,
  );
  lines.push(presets.length === 0 ? '- 💼 In no preset.' : `- 💼 On in the presets ${presets.join(' and ')}.`);
  if (meta.fixable) lines.push('- 🔧 `eslint --fix` rewrites a use where behaviour is provably the same.');
  if (meta.hasSuggestions) lines.push('- 💡 Editors offer other rewrites as suggestions.');
  return lines.join('\n');
}

/** @param {Plugin} plugin @param {string} name @param {Meta} meta */
function options(plugin, name, meta) {
  const [schema] = meta.schema;
  const defaults = meta.defaultOptions[0] ?? {};
  const properties = Object.entries(schema?.properties ?? {});
  if (properties.length === 0) return 'This rule has no options.';
  const rows = properties.map(([key, property]) => {
    const value = key in defaults ? `\`${JSON.stringify(defaults[key])}\`` : '';
    return `| \`${key}\` | ${typeName(property)} | ${value} | ${property.description} |`;
  });
  return ['| Option | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** @param {Plugin} plugin @param {string} name */
function presetsOf(plugin, name) {
  return Object.entries(plugin.configs).flatMap(([preset, config]) => {
    const entry = config.rules[`${plugin.meta.namespace}/${name}`];
    if (entry === undefined || entry === 'off') return [];
    return [{ preset, options: Array.isArray(entry) ? entry[1] : undefined }];
  });
}

/** @param {Schema} schema @returns {string} */
function typeName(schema) {
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${JSON.stringify(each)}\``).join(', ');
  if (schema.type === 'array') return `array of ${schema.items ? typeName(schema.items) : 'anything'}s`;
  return String(schema.type);
}

/** @param {string} text */
function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {string} page @param {string} section @param {string} content */
function replaceSection(page, section, content) {
  const begin = `<!-- begin generated ${section} -->`;
  const end = `<!-- end generated ${section} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from)
    throw new Error(`The page has no section "${section}": put ${begin} and ${end} where it belongs.`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}
