/** A kernel of the TensorFlow backend: its module and test, and its line in the catalogue of kernels. Pure. */
import { addEntry, addImport, addSortedEntry } from '../edit-source.js';
import { constantCase, kebabCase } from '../spelling.js';

/** @import { Template } from '../template.js' */

const TABLE = 'src/runtime/backend/kernels/kernel-catalogue.ts';
const INPUTS = 'src/runtime/backend/kernel-inputs-table.ts';

/** @type {Template} */
export const KERNEL = {
  summary: 'A kernel of the TensorFlow backend, by its name in TensorFlow.js.',
  example: 'Erfinv',
  namePattern: /^[A-Z][A-Za-z0-9]*$/,
  nameForm: 'the name of the kernel in TensorFlow.js, in PascalCase',
  create: (name, read) => {
    const owner = tablesOf(read).find((path) => new RegExp(`^  ['"]?${name}\\b`, 'm').test(read(path)));
    if (owner !== undefined) throw new Error(`There is a kernel ${name} already, in ${owner}.`);
    const file = `${kebabCase(name)}-kernel`;
    const table = `${constantCase(kebabCase(name))}_KERNELS`;
    return {
      created: new Map([
        [`src/runtime/backend/kernels/${file}.ts`, moduleText(name, table)],
        [`test/runtime/backend/kernels/${file}.test.ts`, testText(name)],
      ]),
      changed: new Map([
        [TABLE, addEntry(addImport(read(TABLE), `{ ${table} }`, `./${file}.js`), 'KERNEL_CATALOGUE', `  ...${table},`)],
        [INPUTS, addSortedEntry(read(INPUTS), 'KERNEL_INPUTS', `  ['${name}', ['x']],`)],
      ]),
      next: [
        `Write the kernel in src/runtime/backend/kernels/${file}.ts with the ops of src/runtime/backend/kernel-scope.ts; toFloat and toNumber convert inputs that the op does not accept. If a table there has kernels like it, one line in that table is enough.`,
        `Name the inputs of the kernel in ${INPUTS}, and add a valid call to scripts/fuzz-kernels/more-calls-table.js.`,
        `Put the values that TensorFlow.js's own CPU backend computes into the test, then run npx vitest run test/runtime/backend. Without TensorFlow (npm run setup) the test is skipped.`,
        `Run npm run conformance -- --grep ${name}, which runs the specs of TensorFlow.js whose names contain ${name}.`,
      ],
    };
  },
};

/** @param {(path: string) => string} read - Reads a file. @returns {string[]} The modules that the catalogue is made of. */
function tablesOf(read) {
  return [...read(TABLE).matchAll(/from '\.\/([\w-]+)\.js'/g)].map(
    ([, file]) => `src/runtime/backend/kernels/${file}.ts`,
  );
}

/** @param {string} name - The kernel. @param {string} table - The constant. */
function moduleText(name, table) {
  return `/** The kernel ${name}. Pure. */
import { input, type KernelTable } from '../kernel.js';

export const ${table}: KernelTable = {
  ${name}: (scope, inputs) => scope.op('${name}', [scope.in(input(inputs, 'x'))]),
};
`;
}

/** @param {string} name - The kernel. */
function testText(name) {
  return `import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';

import { useBackend } from '../../../../src/runtime/backend/install.js';
import { describeWithTensorFlow } from '../../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('the kernel ${name}', () => {
  beforeAll(() => {
    useBackend();
  });

  it('computes what the CPU backend of TensorFlow.js computes', async () => {
    const x = tf.tensor([-1, 0, 1]);
    const y = tf.engine().runKernel('${name}', { x });
    const result = Array.isArray(y) ? y[0] : y;
    expect([...((await result?.data()) ?? [])]).toEqual([-1, 0, 1]);
  });
});
`;
}
