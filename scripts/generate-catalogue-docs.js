/**
 * Writes docs/catalogue.md from the built catalogue.
 * Usage, after `npm run build`: node scripts/generate-catalogue-docs.js
 */
import { writeFileSync } from 'node:fs';

import { renderCatalogue } from './catalogue-page.js';

const { JAVASCRIPT_TOPICS } = await import('../dist/catalogue/javascript-apis.js');
const { PYTHON_TOPICS } = await import('../dist/catalogue/python-apis.js');

writeFileSync(
  new URL('../docs/catalogue.md', import.meta.url),
  renderCatalogue([...JAVASCRIPT_TOPICS, ...PYTHON_TOPICS]),
);
