/** A pass over recorded programs: its module and test, and its line in the list of passes. Pure. */
import { addEntry, addImport } from '../edit-source.js';
import { camelCase } from '../spelling.js';

/** @import { Template } from '../template.js' */

const TABLE = 'src/runtime/trace/passes/optimize-program.ts';

/** @type {Template} */
export const PASS = {
  summary: 'A pass that rewrites a recorded program before it becomes a TensorFlow function.',
  example: 'fuse-momentum',
  namePattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  nameForm: 'lower-case words with hyphens between them',
  create: (name, read) => ({
    created: new Map([
      [`src/runtime/trace/passes/${name}.ts`, moduleText(name)],
      [`test/runtime/trace/passes/${name}.test.ts`, testText(name)],
    ]),
    changed: new Map([
      [
        TABLE,
        addEntry(addImport(read(TABLE), `{ ${camelCase(name)} }`, `./${name}.js`), 'PASSES', `  ${camelCase(name)},`),
      ],
    ]),
    next: [
      `Write the pass in src/runtime/trace/passes/${name}.ts.`,
      `Move its line in ${TABLE} to where its patterns exist: each pass creates patterns that later passes recognise.`,
      `Extend test/runtime/trace/passes/${name}.test.ts, then run npx vitest run test/runtime/trace/passes.`,
    ],
  }),
};

/** @param {string} name - The pass. */
function moduleText(name) {
  return `/** TODO: what the pass replaces, and why that is faster. Pure. */
import type { Program } from '../program.js';

/** @returns The program without TODO. */
export function ${camelCase(name)}(program: Program): Program {
  return program;
}
`;
}

/** @param {string} name - The pass. */
function testText(name) {
  return `import type { Program } from '../../../../src/runtime/trace/program.js';

import { expect, it } from 'vitest';

import { NO_ATTRIBUTES } from '../../../../src/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../../../src/runtime/tensorflow/data-types-table.js';
import { ${camelCase(name)} } from '../../../../src/runtime/trace/passes/${name}.js';
import { newHandle } from '../../../../src/runtime/trace/program.js';

it('leaves other programs as they are', () => {
  const input = newHandle({ dtype: DataTypeCode.Float, shape: [2] });
  const output = newHandle({ dtype: DataTypeCode.Float, shape: [2] });
  const program: Program = {
    operations: [{ op: 'Neg', attributes: NO_ATTRIBUTES, inputs: [input], outputs: [output] }],
    parameters: [input],
    constants: new Map(),
    results: [output],
  };
  expect(${camelCase(name)}(program)).toEqual(program);
});
`;
}
