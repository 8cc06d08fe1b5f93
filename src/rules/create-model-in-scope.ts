/** The rule `create-model-in-scope`: models that the strategy beside them does not train. */
import type { Rule } from 'eslint';

import { CERTAIN_ONLY, type PlacementOptions } from '../codemods/js/create-model-in-scope/find-misplaced-models.js';
import { createModelInScopeInfo } from '../codemods/js/create-model-in-scope/info.js';
import { planCreateModelInScope } from '../codemods/js/create-model-in-scope/plan.js';

import { mayConcern, oncePerFile } from './lint-source.js';
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
        description: 'How much to report beyond what is certain.',
        properties: {
          exportedFunctions: {
            type: 'boolean',
            description: 'Whether functions that other files may call are taken to be called outside every scope.',
          },
          everyModel: {
            type: 'boolean',
            description: 'Whether a model outside is reported although the strategy has other models inside its scope.',
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
    if (!mayConcern(context, createModelInScopeInfo)) return {};
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
