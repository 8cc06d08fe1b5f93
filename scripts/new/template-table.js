/** Every kind of thing that `npm run new` writes. Data only. */
import { KERNEL } from './templates/kernel.js';
import { LEGACY_API } from './templates/legacy-api.js';
import { PASS } from './templates/pass.js';
import { REPORT_FORMAT } from './templates/report-format.js';
import { RULE } from './templates/rule.js';

/** @import { Template } from './template.js' */

/** @type {ReadonlyMap<string, Template>} */
export const TEMPLATES = new Map([
  ['rule', RULE],
  ['kernel', KERNEL],
  ['legacy-api', LEGACY_API],
  ['pass', PASS],
  ['report-format', REPORT_FORMAT],
]);
