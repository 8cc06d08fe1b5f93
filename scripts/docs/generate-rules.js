/**
 * Part of `npm run docs`: updates the generated sections of docs/rules; with --check, only reports the outdated pages.
 * Needs dist/.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import plugin from '../../dist/rules/index.js';

import { renderRuleIndex, renderRulePage } from './rule-page.js';

const check = process.argv.includes('--check');
const folder = new URL('../../docs/rules/', import.meta.url);

/**
 * Updates one page.
 * @param {string} file - Name of the page's file.
 * @param {(page: string) => string} render - Makes the new page from the old one.
 */
function update(file, render) {
  const path = new URL(file, folder);
  const page = readFileSync(path, 'utf8');
  const rendered = render(page);
  if (rendered === page) return;
  if (check) {
    console.error(`docs/rules/${file} is out of date: run npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, rendered);
    console.log(`docs/rules/${file} updated`);
  }
}

for (const name of Object.keys(plugin.rules)) update(`${name}.md`, (page) => renderRulePage(page, plugin, name));
update('README.md', (page) => renderRuleIndex(page, plugin));
