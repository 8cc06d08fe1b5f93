/** A legacy Python API: its catalogue entry and a fixture. Pure. */
import { addEntry } from '../edit-source.js';
import { kebabCase } from '../spelling.js';

/** @import { Template } from '../template.js' */

const KERAS = { file: 'src/catalogue/python-keras.ts', table: 'PYTHON_KERAS' };
const DISTRIBUTION = { file: 'src/catalogue/python-distribution.ts', table: 'PYTHON_DISTRIBUTION' };

/** @type {Template} */
export const LEGACY_API = {
  summary: 'A legacy API of TensorFlow or Keras for Python, by its dotted name: a catalogue entry and a fixture.',
  example: 'tf.keras.utils.to_categorical',
  namePattern: /^(tf|keras)(\.[A-Za-z_]\w*)+$/,
  nameForm: 'the dotted name, which begins with tf or keras',
  create: (name, read) => {
    const path = name.replace(/^tf\./, '');
    const { file, table } = path.startsWith('keras.') ? KERAS : DISTRIBUTION;
    for (const each of [KERAS, DISTRIBUTION])
      if (read(each.file).includes(`'${name}'`)) throw new Error(`${name} is already in ${each.file}.`);
    const fixture = `legacy-api-${kebabCase(path)}`;
    return {
      created: new Map([
        [`fixtures/python/${fixture}/input.py`, inputText(path)],
        [`fixtures/python/${fixture}/report.json`, reportText()],
      ]),
      changed: new Map([[file, addEntry(read(file), table, entryText(name, path))]]),
      next: [
        `In ${file}, choose the migration from src/catalogue/python-migrations-table.ts, or add one there: npm run typecheck fails until then.`,
        'Fill in the versions, the note and the source. For a rewrite, set fixClass and fix. "A legacy Python API" in CONTRIBUTING.md lists the fixes that go with each match.',
        `Run UPDATE_FIXTURES=1 npx vitest run test/codemods/python/fixtures.test.ts -t "${fixture}", and read what it writes to fixtures/python/${fixture}.`,
        'Run npm run docs, which updates docs/catalogue.md.',
      ],
    };
  },
};

/** @param {string} name - The API. @param {string} path - Its name below tf. */
function entryText(name, path) {
  const names = path.startsWith('keras.') ? [path, `tensorflow.${path}`] : [`tensorflow.${path}`];
  return `  {
    id: '${name}',
    kind: 'member',
    match: { by: 'qualified-name', names: ['${names.join("', '")}'] },
    migration: 'TODO',
    fixClass: 'report',
    versionsOf: 'tensorflow',
    since: '1.x',
    deprecatedIn: null,
    removedIn: null,
    replacement: null,
    message: '${name} is deprecated; TODO: say what to use instead.',
    note: 'TODO: what a person needs to know to rewrite it.',
    source: 'TODO: the evidence, such as a release or a commit',
  },`;
}

/** @param {string} path - The name of the API below tf. */
function inputText(path) {
  const last = path.slice(path.lastIndexOf('.') + 1);
  return `import tensorflow as tf

from my_library import ${last}

value = tf.${path}()
lookalike = ${last}()
`;
}

function reportText() {
  const report = { description: 'TODO: what the case shows.', pattern: 'legacy-api', findings: [] };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
