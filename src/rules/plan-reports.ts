/**
 * Converts the findings of a migration to arguments of ESLint's `context.report`: a fix where behaviour provably stays
 * the same, a suggestion where a person has to agree, a plain report where no tool can help. Pure.
 */
import type { Change, Finding, Plan } from '../codemods/result.js';
import type { AST, Rule, SourceCode } from 'eslint';

import { withNewlinesOf } from '../codemods/edits/newlines.js';
import { REFUSAL_ADVICE } from '../codemods/refusal-advice-table.js';
import { mayHaveSuppressions, type Suppression, suppressionsIn } from '../codemods/suppressions/suppression.js';
import { withoutSuppressed } from '../codemods/suppressions/without-suppressed.js';

import { keepsComments } from './comment-guard.js';

/** The messages of every rule that reports a plan. */
export const PLAN_MESSAGES = {
  found: '{{message}}',
  refused: '{{message}} {{advice}} ({{reason}})',
  severalFiles: '{{message}} The rewrite changes other files, too: run `mirrorscope migrate`.',
  rewrite: 'Rewrite the use of {{api}}.',
} as const;

/** One argument of `context.report`. */
export interface PlanReport {
  readonly loc: AST.SourceLocation;
  readonly messageId: keyof typeof PLAN_MESSAGES;
  readonly data: Record<string, string>;
  readonly fix: Rule.ReportFixer | null;
  readonly suggest: Rule.SuggestionReportDescriptor[];
}

/**
 * Converts the findings of a plan to reports.
 *
 * @param context - The context of the rule that reports.
 * @param plan - What a migration found in the file.
 * @param isReportedHere - Returns `false` for a finding that another rule reports.
 * @returns The reports in source order.
 */
export function reportsOf(
  context: Rule.RuleContext,
  plan: Plan,
  isReportedHere: (finding: Finding) => boolean = () => true,
): PlanReport[] {
  const left = withoutSuppressed(plan, suppressionsOf(context.sourceCode));
  return [
    ...left.changes.flatMap((change) => change.findings.map((finding) => ({ finding, change }))),
    ...[...left.findings, ...(left.waiting ?? [])].map((finding) => ({ finding, change: undefined })),
  ]
    .filter(({ finding }) => isReportedHere(finding))
    .sort((a, b) => a.finding.start.offset - b.finding.start.offset)
    .map(({ finding, change }) => reportOf(context.sourceCode, finding, change));
}

/** Comments for ESLint are its own business. */
function suppressionsOf(sourceCode: SourceCode): Suppression[] {
  if (!mayHaveSuppressions(sourceCode.text)) return [];
  const comments = sourceCode
    .getAllComments()
    .map(({ value, range }) => ({ text: value, start: range?.[0] ?? 0, end: range?.[1] ?? 0 }));
  return suppressionsIn(sourceCode.text, comments).filter(({ isForEslint }) => !isForEslint);
}

function reportOf(sourceCode: SourceCode, finding: Finding, change: Change | undefined): PlanReport {
  const { api, message, reason } = finding;
  const loc = {
    start: sourceCode.getLocFromIndex(finding.start.offset),
    end: sourceCode.getLocFromIndex(finding.end.offset),
  };
  const plain: PlanReport = { loc, messageId: 'found', data: { api, message }, fix: null, suggest: [] };
  if (reason !== undefined) {
    return { ...plain, messageId: 'refused', data: { api, message, reason, advice: REFUSAL_ADVICE.get(reason) ?? '' } };
  }
  if (change === undefined) return plain;
  if (change.otherFiles !== undefined && change.otherFiles.size > 0) return { ...plain, messageId: 'severalFiles' };
  const edits = withNewlinesOf(sourceCode.text, change.edits);
  if (!keepsComments(sourceCode, edits)) return plain;
  const fix: Rule.ReportFixer = (fixer) =>
    edits.map(({ start, end, text }) => fixer.replaceTextRange([start, end], text));
  if (change.safety === 'safe') return { ...plain, fix };
  return { ...plain, suggest: [{ messageId: 'rewrite', data: { api }, fix }] };
}
