/**
 * Brings the generated sections of docs/rules up to date with the built plugin.
 * Usage: npm run docs; with --check it only tells what is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { renderRuleIndex, renderRulePage } from './rule-page.js';

const { default: plugin } = await import('../dist/rules/index.js');
const check = process.argv.includes('--check');
const folder = new URL('../docs/rules/', import.meta.url);

/** @param {string} file @param {(page: string) => string} render */
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
