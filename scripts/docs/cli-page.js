/** Renders the list of report formats in docs/cli.md from the table of formats. Pure. */
import { replaceSection } from './generated-section.js';

const COLUMNS = 120;

/**
 * Updates the page of the command line.
 * @param {string} page - The page.
 * @param {readonly { readonly name: string, readonly description: string }[]} formats - The report formats.
 * @returns {string} The page with a new list of formats.
 * @throws {Error} When the section of the list is missing.
 */
export function renderCliPage(page, formats) {
  const items = formats.map(({ name, description }) => wrap(`- \`--format ${name}\` ${description}`));
  return replaceSection(page, 'formats', items.join('\n'));
}

/**
 * Breaks a list item into lines, which are indented from the second line on.
 * @param {string} item - The item in one line.
 * @returns {string} The item in lines of at most 120 columns.
 */
function wrap(item) {
  const lines = [''];
  for (const word of item.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= COLUMNS) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}
