/** A lint rule: its module, documentation page and test, and its line in the table of rules. Pure. */
import { addEntry, addImport } from '../edit-source.js';
import { camelCase } from '../spelling.js';

/** @import { Template } from '../template.js' */

const TABLE = 'src/rules/rule-table.ts';

/** @type {Template} */
export const RULE = {
  summary: 'A lint rule with its documentation page and test.',
  example: 'no-legacy-thing',
  namePattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  nameForm: 'lower-case words with hyphens between them',
  create: (name, read) => ({
    created: new Map([
      [`src/rules/${name}.ts`, moduleText(name)],
      [`docs/rules/${name}.md`, pageText(name)],
      [`test/rules/${name}.test.ts`, testText(name)],
    ]),
    changed: new Map([
      [
        TABLE,
        addEntry(
          addImport(read(TABLE), `{ ${camelCase(name)} }`, `./${name}.js`),
          'RULES',
          `  '${name}': ${camelCase(name)},`,
        ),
      ],
    ]),
    next: [
      `Replace the finder in src/rules/${name}.ts. If a migration finds the same code, call the migration's finder instead.`,
      `Write docs/rules/${name}.md, then run npm run docs, which fills in the generated sections.`,
      `Extend test/rules/${name}.test.ts, then run npx vitest run test/rules.`,
    ],
  }),
};

/** @param {string} name - The rule. */
function moduleText(name) {
  return `/** The rule \`${name}\`: TODO. */
import type { JavaScriptSource } from '../codemods/js/syntax/parse.js';
import type { Finding, Plan } from '../codemods/result.js';
import type { Rule } from 'eslint';

import { positionsIn } from '../codemods/edits/positions.js';
import { findOrigins } from '../codemods/js/origins/find-origins.js';

import { matchesNeedles, oncePerFile } from './lint-source.js';
import { PLAN_MESSAGES, reportsOf } from './plan-reports.js';
import { documentationUrl } from './plugin-meta.js';

const NAME = '${name}';

/** TODO: the module whose uses the rule reports. */
const MODULE = 'replace-me';

export const ${camelCase(name)}: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow \`replace-me\`',
      url: documentationUrl(NAME),
      recommended: false,
    },
    schema: [{ type: 'object', description: 'There are no options.', properties: {}, additionalProperties: false }],
    defaultOptions: [{}],
    messages: { ...PLAN_MESSAGES },
    languages: ['js/js'],
  },
  create(context) {
    if (!matchesNeedles(context, { needles: [MODULE] })) return {};
    return {
      Program() {
        for (const { loc, messageId, data } of reportsOf(context, oncePerFile(context, NAME, findUses)))
          context.report({ loc, messageId, data });
      },
    };
  },
};

function findUses(source: JavaScriptSource): Plan {
  const position = positionsIn(source.text);
  const { references } = findOrigins(source, { isModule: (specifier) => specifier === MODULE });
  const findings = references.map(
    ({ outermost: { range } }): Finding => ({
      migration: NAME,
      api: MODULE,
      message: 'TODO: say what to use instead.',
      disposition: 'report',
      start: position(range[0]),
      end: position(range[1]),
    }),
  );
  return { changes: [], findings };
}
`;
}

/** @param {string} name - The rule. */
function pageText(name) {
  return `# mirrorscope/${name}

<!-- begin generated header -->

<!-- end generated header -->

## What it finds

TODO: what the code does wrong, and why that matters.

\`\`\`js incorrect
import { legacy } from 'replace-me';

legacy();
\`\`\`

## What it leaves alone

\`\`\`js correct
import { legacy } from './my-own.js';

legacy();
\`\`\`

## Options

<!-- begin generated options -->

<!-- end generated options -->

## When not to use it

TODO
`;
}

/** @param {string} name - The rule. */
function testText(name) {
  return `import { ${camelCase(name)} } from '../../src/rules/${name}.js';

import { runRuleCases } from './rule-tester.js';

runRuleCases('${name}', ${camelCase(name)}, {
  valid: [{ name: 'the same name from another module', code: \`import { legacy } from './my-own.js'; legacy();\` }],
  invalid: [
    {
      name: 'a use',
      code: \`import { legacy } from 'replace-me';\\nlegacy();\`,
      errors: [{ messageId: 'found', line: 2, column: 1 }],
    },
  ],
});
`;
}
