/**
 * Builds the two rules that report what the migration `tfjs-legacy` finds. Each use is reported by one of them; both
 * offer the edit that rewrites an import together with its uses.
 */
import type { UseKind } from '../codemods/js/tfjs-legacy/index.js';
import type { Change, Finding, Plan } from '../codemods/result.js';
import type { Rule } from 'eslint';

import { findTfjsLegacy } from '../codemods/js/tfjs-legacy/index.js';
import { tfjsLegacyInfo } from '../codemods/js/tfjs-legacy/info.js';

import { matchesNeedles, oncePerFile } from './lint-source.js';
import { PLAN_MESSAGES, reportsOf } from './plan-reports.js';
import { documentationUrl } from './plugin-meta.js';
import { IGNORE_OPTION_SCHEMA, sharedOptionsOf } from './shared-options.js';

interface LegacyApiRule {
  readonly name: string;
  readonly description: string;
  /** Whether the rule reports uses of a kind; the other rule reports the rest. */
  readonly reports: (kind: UseKind | undefined) => boolean;
}

interface LegacyPlan {
  readonly plan: Plan;
  readonly kinds: ReadonlyMap<Finding, UseKind>;
}

/** Builds one of the two rules. They differ only in what they report. */
export function legacyApiRule({ name, description, reports }: LegacyApiRule): Rule.RuleModule {
  return {
    meta: {
      type: 'problem',
      docs: { description, url: documentationUrl(name), recommended: true },
      fixable: 'code',
      hasSuggestions: true,
      schema: [
        {
          type: 'object',
          description: 'Which APIs to ignore.',
          properties: { ...IGNORE_OPTION_SCHEMA },
          additionalProperties: false,
        },
      ],
      defaultOptions: [{}],
      messages: { ...PLAN_MESSAGES },
      languages: ['js/js'],
    },
    create(context) {
      if (!matchesNeedles(context, tfjsLegacyInfo)) return {};
      return {
        Program() {
          const { plan, kinds } = legacyPlan(context);
          const isReportedHere = (finding: Finding): boolean => reports(kinds.get(finding));
          for (const { loc, messageId, data, fix, suggest } of reportsOf(context, plan, isReportedHere))
            context.report({ loc, messageId, data, fix, suggest });
        },
      };
    },
  };
}

/** Runs once for both rules when they ignore the same APIs. */
function legacyPlan(context: Rule.RuleContext): LegacyPlan {
  const { ignore } = sharedOptionsOf(context);
  return oncePerFile(context, JSON.stringify([tfjsLegacyInfo.name, ignore]), (source) => {
    const kinds = new Map<Finding, UseKind>();
    const changes = new Set<Change>();
    const findings: Finding[] = [];
    for (const { kind, finding, change } of findTfjsLegacy(source, { ignore })) {
      kinds.set(finding, kind);
      if (change === undefined) findings.push(finding);
      else changes.add(change);
    }
    return { plan: { changes: [...changes], findings }, kinds };
  });
}
