/** docs/catalogue.md says what the data says. */
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { renderCatalogue } from '../../scripts/docs/catalogue-page.js';
import { JAVASCRIPT_TOPICS } from '../../src/catalogue/javascript-apis.js';
import { PYTHON_TOPICS } from '../../src/catalogue/python-apis.js';

it('is up to date; if it is not: npm run docs', () => {
  const page = readFileSync(new URL('../../docs/catalogue.md', import.meta.url), 'utf8');
  expect(page).toBe(renderCatalogue([...JAVASCRIPT_TOPICS, ...PYTHON_TOPICS]));
});
