/**
 * What the migration `tfjs-legacy` finds, for the two rules that share it: each use is told by one
 * of them, and an edit that serves an import and its uses is offered by both.
 */
import type { Change, Finding, Plan } from '../codemods/result.js';
import type { Rule } from 'eslint';

import { findTfjsLegacy, type UseKind } from '../codemods/js/tfjs-legacy/index.js';

import { oncePerFile } from './lint-source.js';
import { sharedOptionsOf } from './shared-options.js';

export interface LegacyPlan {
  readonly plan: Plan;
  /** Whether a finding looks like this in the code. */
  isOf(finding: Finding, kind: UseKind): boolean;
}

/** Found once for both rules, if they ignore the same. */
export function legacyPlan(context: Rule.RuleContext): LegacyPlan {
  const { ignore } = sharedOptionsOf(context);
  return oncePerFile(context, JSON.stringify(['tfjs-legacy', ignore]), (source) => {
    const kinds = new Map<Finding, UseKind>();
    const changes = new Set<Change>();
    const findings: Finding[] = [];
    for (const { kind, finding, change } of findTfjsLegacy(source, { ignore })) {
      kinds.set(finding, kind);
      if (change === undefined) findings.push(finding);
      else changes.add(change);
    }
    return { plan: { changes: [...changes], findings }, isOf: (finding, kind) => kinds.get(finding) === kind };
  });
}
