/** A pass over recorded programs: its module and test, and its line in the list of passes. Pure. */
import { addEntryBefore, addImport } from '../edit-source.js';
import { camelCase } from '../spelling.js';

/** @import { Template } from '../template.js' */

/** The line of the last prune, with its comment: a pass need not remove the ops that it makes unused. */
const LAST_PRUNE = '  // Removes the ops that the passes above made unused.';
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
        addEntryBefore(
          addImport(read(TABLE), `{ ${camelCase(name)} }`, `./${name}.js`),
          'FUSING_PASSES',
          `  // TODO: what the pass needs from earlier ones, and what it creates.\n  ${camelCase(name)},`,
          LAST_PRUNE,
        ),
      ],
    ]),
    next: [
      'If the pattern ends at one op, delete all this and add a rule to identity-rules.ts or gradient-rules.ts instead.',
      `Write the pass in src/runtime/trace/passes/${name}.ts.`,
      `Move its line in ${TABLE} to where its patterns exist: the comments there say what each pass creates and needs. It must stay before a prune.`,
      `Extend test/runtime/trace/passes/${name}.test.ts, then run npx vitest run test/runtime/trace/passes.`,
    ],
  }),
};

/** @param {string} name - The pass. */
function moduleText(name) {
  return `/** TODO: what the pass replaces, and why that is faster. Pure. */
import type { Program } from '../program.js';

/**
 * TODO: what the pass replaces.
 *
 * @param program - Any program.
 * @returns The program without TODO.
 */
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
