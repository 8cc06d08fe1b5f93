/** A report format: its module and its entry in the table of formats. Pure. */
import { addEntry } from '../edit-source.js';
import { pascalCase } from '../spelling.js';

/** @import { Template } from '../template.js' */

const TABLE = 'src/report/formats-table.ts';

/** @type {Template} */
export const REPORT_FORMAT = {
  summary: 'A value of --format. The help, the option parser, docs/cli.md and the tests derive from its table entry.',
  example: 'checkstyle',
  namePattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  nameForm: 'lower-case words with hyphens between them',
  create: (name, read) => {
    const render = `render${pascalCase(name)}`;
    return {
      created: new Map([[`src/report/formats/${name}.ts`, moduleText(name, render)]]),
      changed: new Map([[TABLE, addEntry(read(TABLE), 'REPORT_FORMATS', entryText(name, render))]]),
      next: [
        `Write src/report/formats/${name}.ts. src/report/formats/github.ts shows how to escape text, and how to render files with an error.`,
        `Write the description in ${TABLE}, then run npm run docs, which adds it to docs/cli.md.`,
        `Run npx vitest run test/report -u -t "${name}", which writes no other format, and read the new files in test/report/goldens/.`,
      ],
    };
  },
};

/** @param {string} name - The format. @param {string} render - Its function. */
function moduleText(name, render) {
  return `/** \`--format ${name}\`: TODO. Pure. */
import type { RenderedReport, RenderOptions } from '../format.js';

import { messageWithAdvice } from '../finding-text.js';
import { leftoverFindings, type RunReport } from '../run-report.js';

/**
 * Renders one line for each finding that is left. Paths start at the top of the repository.
 *
 * @param report - The run.
 * @param options - The prefix of paths.
 * @returns The report.
 */
export function ${render}(report: RunReport, { pathPrefix }: RenderOptions): RenderedReport {
  const lines = report.files.flatMap((file) =>
    leftoverFindings(file, report.applied).map(
      (finding) => \`\${pathPrefix}\${file.result.path}:\${finding.start.line}: \${messageWithAdvice(finding)}\\n\`,
    ),
  );
  return { output: lines.join('') };
}
`;
}

/** @param {string} name - The format. @param {string} render - Its function. */
function entryText(name, render) {
  return `  {
    name: '${name}',
    description: 'is for TODO.',
    acceptsDiff: false,
    load: async () => (await import('./formats/${name}.js')).${render},
  },`;
}
