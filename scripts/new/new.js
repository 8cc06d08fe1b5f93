/** `npm run new -- KIND NAME`: writes the files of a new rule, kernel, legacy API, pass or report format. Writes files. */
import { readFileSync } from 'node:fs';

import { TEMPLATES } from './template-table.js';
import { writeNewFiles } from './write-new-files.js';

const ROOT = new URL('../../', import.meta.url);

const [kind = '', name = '', ...others] = process.argv.slice(2);
const template = TEMPLATES.get(kind);
if (template === undefined || others.length > 0 || !template.namePattern.test(name)) {
  console.error('Usage: npm run new -- KIND NAME\n');
  for (const [each, { example, summary }] of TEMPLATES) console.error(`  ${each} ${example}\n      ${summary}`);
  process.exitCode = 2;
} else {
  const skeleton = template.create(name, (path) => readFileSync(new URL(path, ROOT), 'utf8'));
  try {
    for (const line of await writeNewFiles(ROOT, skeleton)) console.log(line);
    console.log(`\nNext:\n${skeleton.next.map((step, index) => `${index + 1}. ${step}`).join('\n')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
