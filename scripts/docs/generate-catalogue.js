/** Part of `npm run docs`: writes docs/catalogue.md. Needs dist/. */
import { writeFileSync } from 'node:fs';

import { JAVASCRIPT_TOPICS } from '../../dist/catalogue/javascript-apis.js';
import { PYTHON_TOPICS } from '../../dist/catalogue/python-apis.js';

import { renderCatalogue } from './catalogue-page.js';

writeFileSync(
  new URL('../../docs/catalogue.md', import.meta.url),
  renderCatalogue([...JAVASCRIPT_TOPICS, ...PYTHON_TOPICS]),
);
