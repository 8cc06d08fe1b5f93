/** A lint rule: its module, documentation page and test, and its line in the table of rules. Pure. */
import { addImport, addSortedEntry } from '../edit-source.js';
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
        addSortedEntry(
          addImport(read(TABLE), `{ ${camelCase(name)} }`, `./${name}.js`),
          'RULES',
          `  '${name}': ${camelCase(name)},`,
        ),
      ],
    ]),
    next: [
      `In src/rules/${name}.ts, replace multiGpuModel by the migration whose findings the rule reports. For a deprecated API of TensorFlow.js, delete all this and add a catalogue entry instead: no-deprecated-members reports it.`,
      'Choose whether the rule is recommended: then it is in both presets, otherwise in none.',
      `Write docs/rules/${name}.md, then run npm run docs, which fills in the generated sections.`,
      `Extend test/rules/${name}.test.ts, then run npx vitest run test/rules.`,
    ],
  }),
};

/** @param {string} name - The rule. */
function moduleText(name) {
  return `/** The rule \`${name}\`: reports what the migration \`TODO\` finds. */
import type { Rule } from 'eslint';

import { multiGpuModel } from '../codemods/js/multi-gpu-model/index.js';

import { matchesNeedles, planOf } from './lint-source.js';
import { PLAN_MESSAGES, reportsOf } from './plan-reports.js';
import { documentationUrl } from './plugin-meta.js';
import { MODULE_OPTIONS_SCHEMA, sharedOptionsOf } from './shared-options.js';

/** TODO: the migration that finds the code. */
const MIGRATION = multiGpuModel;

export const ${camelCase(name)}: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow TODO:',
      url: documentationUrl('${name}'),
      // A recommended rule is in both presets, any other in none.
      recommended: false,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: [
      {
        type: 'object',
        description: 'Where the deprecated names may come from.',
        properties: { ...MODULE_OPTIONS_SCHEMA },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{}],
    messages: { ...PLAN_MESSAGES },
    languages: ['js/js'],
  },
  create(context) {
    if (!matchesNeedles(context, MIGRATION)) return {};
    return {
      Program() {
        const plan = planOf(context, MIGRATION, sharedOptionsOf(context));
        for (const { loc, messageId, data, fix, suggest } of reportsOf(context, plan)) {
          context.report({ loc, messageId, data, fix, suggest });
        }
      },
    };
  },
};
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
import { multiGpuModel } from '@tensorflow/tfjs-layers';

export const parallel = (model) => multiGpuModel(model, 2);
\`\`\`

## What it leaves alone

\`\`\`js correct
import { multiGpuModel } from './my-own.js';

export const parallel = (model) => multiGpuModel(model, 2);
\`\`\`

## Options

<!-- begin generated options -->

<!-- end generated options -->

## When not to use it

TODO: who can do without the rule.
`;
}

/** @param {string} name - The rule. */
function testText(name) {
  return `import { ${camelCase(name)} } from '../../src/rules/${name}.js';

import { runRuleCases } from './rule-tester.js';

runRuleCases('${name}', ${camelCase(name)}, {
  valid: [
    {
      name: 'the same name from another module',
      code: \`import { multiGpuModel } from './my-own.js';\\nmultiGpuModel(model, 2);\`,
    },
  ],
  invalid: [
    {
      name: 'a call whose model the file does not build',
      code: \`import { multiGpuModel } from '@tensorflow/tfjs-layers';\\nexport const parallel = (model) => multiGpuModel(model, 2);\`,
      errors: [{ messageId: 'refused', line: 2 }],
    },
  ],
});
`;
}
