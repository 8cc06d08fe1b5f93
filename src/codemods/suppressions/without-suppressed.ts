/** Leaves out of a plan what comments in the text ask to leave out. Pure. */
import type { Change, Finding, Plan } from '../result.js';

import { RefusalReason } from '../refusal-reason.js';

import { leavesOut, type Suppression } from './suppression.js';

/**
 * Leaves out findings with what they block, and changes with a finding that is left out. The other findings of such a
 * change are refused.
 *
 * @param plan - The plan.
 * @param suppressions - The comments of the text.
 * @param onUse - Receives each comment that leaves something out.
 * @returns What is left of the plan.
 */
export function withoutSuppressed(
  plan: Plan,
  suppressions: readonly Suppression[],
  onUse: (suppression: Suppression) => void = () => undefined,
): Plan {
  if (suppressions.length === 0) return plan;
  const isKept = (finding: Finding): boolean => {
    const blocker = plan.blockedBy?.get(finding);
    const matching = suppressions.filter(
      (suppression) => leavesOut(suppression, finding) || (blocker !== undefined && leavesOut(suppression, blocker)),
    );
    matching.forEach(onUse);
    return matching.length === 0;
  };
  const kept = plan.changes.map((change) => ({ change, findings: change.findings.filter(isKept) }));
  return {
    ...plan,
    changes: kept
      .filter(({ change, findings }) => findings.length === change.findings.length)
      .map(({ change }) => withConsequences(change, isKept)),
    findings: [
      ...plan.findings.filter(isKept),
      ...kept
        .filter(({ change, findings }) => findings.length < change.findings.length)
        .flatMap(({ change, findings }) => findings.map((finding) => blocked(finding, change))),
    ],
  };
}

function withConsequences(change: Change, isKept: (finding: Finding) => boolean): Change {
  const { consequences } = change;
  return consequences === undefined ? change : { ...change, consequences: consequences.filter(isKept) };
}

function blocked(finding: Finding, { findings }: Change): Finding {
  const lines = findings.filter((other) => other !== finding).map(({ start }) => start.line);
  return {
    ...finding,
    disposition: 'refuse',
    reason: RefusalReason.BlockedByAnotherUse,
    message: `${finding.message} It changes together with line ${[...new Set(lines)].join(', ')}, which a comment keeps as it is.`,
  };
}
