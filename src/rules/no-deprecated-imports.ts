/** The rule `no-deprecated-imports`: legacy modules and names where they are imported. */
import type { Rule } from 'eslint';

import { tfjsLegacyInfo } from '../codemods/js/tfjs-legacy/info.js';

import { legacyPlan } from './legacy-plan.js';
import { mayConcern } from './lint-source.js';
import { PLAN_MESSAGES, reportsOf } from './plan-reports.js';
import { documentationUrl } from './plugin-meta.js';
import { IGNORE_OPTION_SCHEMA } from './shared-options.js';

export const noDeprecatedImports: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description:
        'disallow imports of removed and deprecated modules and names of TensorFlow.js, deeplearn and keras-js',
      url: documentationUrl('no-deprecated-imports'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: [
      {
        type: 'object',
        description: 'What to leave alone.',
        properties: { ...IGNORE_OPTION_SCHEMA },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{}],
    messages: { ...PLAN_MESSAGES },
    languages: ['js/js'],
  },
  create(context) {
    if (!mayConcern(context, tfjsLegacyInfo)) return {};
    return {
      Program() {
        const { plan, isOf } = legacyPlan(context);
        for (const { loc, messageId, data, fix, suggest } of reportsOf(context, plan, (finding) =>
          isOf(finding, 'import'),
        )) {
          context.report({ loc, messageId, data, fix, suggest });
        }
      },
    };
  },
};
