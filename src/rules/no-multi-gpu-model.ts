/** The rule `no-multi-gpu-model`: reports what the migration `multi-gpu-model` finds. */
import type { Rule } from 'eslint';

import { multiGpuModel } from '../codemods/js/multi-gpu-model/index.js';

import { matchesNeedles, planOf } from './lint-source.js';
import { PLAN_MESSAGES, reportsOf } from './plan-reports.js';
import { documentationUrl } from './plugin-meta.js';
import { MODULE_OPTIONS_SCHEMA, sharedOptionsOf } from './shared-options.js';

export const noMultiGpuModel: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow `multiGpuModel`, which distribution strategies replace',
      url: documentationUrl('no-multi-gpu-model'),
      recommended: true,
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
    if (!matchesNeedles(context, multiGpuModel)) return {};
    return {
      Program() {
        const plan = planOf(context, multiGpuModel, sharedOptionsOf(context));
        for (const { loc, messageId, data, fix, suggest } of reportsOf(context, plan)) {
          context.report({ loc, messageId, data, fix, suggest });
        }
      },
    };
  },
};
