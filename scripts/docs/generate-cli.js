/** Part of `npm run docs`: updates the list of report formats in docs/cli.md. Needs dist/. Writes files. */
import { readFileSync, writeFileSync } from 'node:fs';

import { REPORT_FORMATS } from '../../dist/report/formats-table.js';

import { renderCliPage } from './cli-page.js';

const page = new URL('../../docs/cli.md', import.meta.url);
writeFileSync(page, renderCliPage(readFileSync(page, 'utf8'), REPORT_FORMATS));
