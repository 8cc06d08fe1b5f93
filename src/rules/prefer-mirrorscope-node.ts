/** The rule `prefer-mirrorscope-node`: reports what the migration `tfjs-node` finds. In no preset. */
import type { Rule } from 'eslint';

import { tfjsNodeInfo } from '../codemods/js/tfjs-node/info.js';
import { planTfjsNode } from '../codemods/js/tfjs-node/plan.js';

import { matchesNeedles, oncePerFile } from './lint-source.js';
import { PLAN_MESSAGES, reportsOf } from './plan-reports.js';
import { documentationUrl } from './plugin-meta.js';

export const preferMirrorscopeNode: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    docs: {
      description: 'require `mirrorscope/node` in place of `@tensorflow/tfjs-node` and `@tensorflow/tfjs-node-gpu`',
      url: documentationUrl('prefer-mirrorscope-node'),
      recommended: false,
    },
    hasSuggestions: true,
    schema: [{ type: 'object', description: 'There are no options.', properties: {}, additionalProperties: false }],
    defaultOptions: [{}],
    messages: { ...PLAN_MESSAGES },
    languages: ['js/js'],
  },
  create(context) {
    if (!matchesNeedles(context, tfjsNodeInfo)) return {};
    return {
      Program() {
        const plan = oncePerFile(context, tfjsNodeInfo.name, (source) => planTfjsNode(source));
        for (const { loc, messageId, data, suggest } of reportsOf(context, plan))
          context.report({ loc, messageId, data, suggest });
      },
    };
  },
};
