/**
 * `npm run new -- KIND NAME`: writes the files of a new rule, kernel, legacy API, pass or report format. Writes files.
 */
import { readFileSync } from 'node:fs';

import { readRequest } from './request.js';
import { TEMPLATES } from './template-table.js';
import { writeNewFiles } from './write-new-files.js';

const ROOT = new URL('../../', import.meta.url);

try {
  const { template, name } = readRequest(process.argv.slice(2), TEMPLATES);
  const skeleton = template.create(name, (path) => readFileSync(new URL(path, ROOT), 'utf8'));
  for (const line of await writeNewFiles(ROOT, skeleton)) console.log(line);
  console.log(`\nNext:\n${skeleton.next.map((step, index) => `${index + 1}. ${step}`).join('\n')}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
