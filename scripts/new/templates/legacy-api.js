/** A legacy Python API: its catalogue entry and a fixture. Pure. */
import { addEntry } from '../edit-source.js';
import { kebabCase } from '../spelling.js';

/** @import { Template } from '../template.js' */

const TABLE = 'src/catalogue/python-distribution.ts';

/** @type {Template} */
export const LEGACY_API = {
  summary: 'A legacy API of TensorFlow for Python, by its dotted name: a catalogue entry and a fixture.',
  example: 'tf.contrib.distribute.OneDeviceStrategy',
  namePattern: /^tf(\.[A-Za-z_]\w*){2,}$/,
  nameForm: 'the dotted name, with tf for tensorflow',
  create: (name, read) => {
    const folder = `fixtures/python/legacy-api-${kebabCase(name.slice(name.lastIndexOf('.') + 1))}`;
    return {
      created: new Map([
        [`${folder}/input.py`, `import tensorflow as tf\n\nvalue = ${name}()\n`],
        [`${folder}/report.json`, reportText(name)],
      ]),
      changed: new Map([[TABLE, addEntry(read(TABLE), 'PYTHON_DISTRIBUTION', entryText(name))]]),
      next: [
        `Fill in the versions, the note and the source in ${TABLE}. Move the entry to src/catalogue/python-keras.ts if it belongs to Keras.`,
        'Choose the migration. For a rewrite, set fixClass and fix; PythonFix in src/catalogue/catalogue-entry.ts lists what can be written.',
        `Run UPDATE_FIXTURES=1 npx vitest run test/codemods/python/fixtures.test.ts, and read what it writes to ${folder}.`,
        'Run npm run docs, which updates docs/catalogue.md.',
      ],
    };
  },
};

/** @param {string} name - The API. */
function messageOf(name) {
  return `${name} is deprecated; TODO: say what to use instead.`;
}

/** @param {string} name - The API. */
function entryText(name) {
  return `  {
    id: '${name}',
    kind: 'member',
    match: { by: 'qualified-name', names: ['${name.replace(/^tf\./, 'tensorflow.')}'] },
    migration: 'experimental-strategies',
    fixClass: 'report',
    versionsOf: 'tensorflow',
    since: '1.x',
    deprecatedIn: null,
    removedIn: null,
    replacement: null,
    message: '${messageOf(name)}',
    note: 'TODO: what a person needs to know to rewrite it.',
    source: 'TODO: the release, commit or experiment that shows it',
  },`;
}

/** @param {string} name - The API. */
function reportText(name) {
  const report = {
    description: 'TODO: what the case shows.',
    pattern: 'legacy-api',
    findings: [{ line: 3, migration: 'experimental-strategies', disposition: 'report', message: messageOf(name) }],
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
