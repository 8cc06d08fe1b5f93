/** docs/catalogue.md says what the data says. */
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { type EntryFacts, type Topic } from '../../src/catalogue/catalogue-entry.js';
import { JAVASCRIPT_TOPICS } from '../../src/catalogue/javascript-apis.js';
import { PYTHON_TOPICS } from '../../src/catalogue/python-apis.js';

const { renderCatalogue } = (await import(new URL('../../scripts/catalogue-page.js', import.meta.url).href)) as {
  renderCatalogue: (topics: readonly Topic<EntryFacts>[]) => string;
};

it('is current: npm run build, then node scripts/generate-catalogue-docs.js', () => {
  const page = readFileSync(new URL('../../docs/catalogue.md', import.meta.url), 'utf8');
  expect(page).toBe(renderCatalogue([...JAVASCRIPT_TOPICS, ...PYTHON_TOPICS]));
});
