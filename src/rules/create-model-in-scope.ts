/** The rule `create-model-in-scope`: reports models that are built outside the scope of the file's strategy. */
import type { Rule } from 'eslint';

import { CERTAIN_ONLY, type PlacementOptions } from '../codemods/js/create-model-in-scope/find-misplaced-models.js';
import { createModelInScopeInfo } from '../codemods/js/create-model-in-scope/info.js';
import { planCreateModelInScope } from '../codemods/js/create-model-in-scope/plan.js';

import { matchesNeedles, oncePerFile } from './lint-source.js';
import { PLAN_MESSAGES, reportsOf } from './plan-reports.js';
import { documentationUrl } from './plugin-meta.js';

export const createModelInScope: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'require models to be built and compiled inside the scope of the strategy that trains them',
      url: documentationUrl('create-model-in-scope'),
      recommended: true,
    },
    hasSuggestions: true,
    schema: [
      {
        type: 'object',
        description: 'Which possible mistakes to report beyond the certain ones.',
        properties: {
          exportedFunctions: {
            type: 'boolean',
            description: 'Whether to assume that other files call exported functions outside every scope.',
          },
          everyModel: {
            type: 'boolean',
            description:
              'Whether to report a model outside the scope even when the strategy has other models inside it.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ exportedFunctions: false, everyModel: false }],
    messages: { ...PLAN_MESSAGES },
    languages: ['js/js'],
  },
  create(context) {
    if (!matchesNeedles(context, createModelInScopeInfo)) return {};
    const options: PlacementOptions = {
      ...CERTAIN_ONLY,
      ...(context.options[0] as Partial<PlacementOptions> | undefined),
    };
    return {
      Program() {
        const key = JSON.stringify([createModelInScopeInfo.name, options]);
        const plan = oncePerFile(context, key, (source) => planCreateModelInScope(source, options));
        for (const { loc, messageId, data, suggest } of reportsOf(context, plan)) {
          context.report({ loc, messageId, data, suggest });
        }
      },
    };
  },
};
