/** Counts wraps that a comment keeps as they are among those that stay. Pure. */
import type { Plan } from '../../result.js';
import type { PythonSource } from '../syntax/source.js';

import { RefusalReason } from '../../refusal-reason.js';
import { leavesOut } from '../../suppressions/suppression.js';
import { withoutSuppressed } from '../../suppressions/without-suppressed.js';
import { suppressionsInPython } from '../suppressions.js';

/**
 * The plan of the wraps of a file as other migrations have to see it: a wrap that a comment leaves out stays, like one
 * that is refused, although nobody has to hear of it.
 *
 * @param source - The file.
 * @param plan - What would happen to its wraps without comments.
 * @returns The plan with these wraps among its refusals.
 */
export function withWrapsKeptByComments(source: PythonSource, plan: Plan): Plan {
  const suppressions = suppressionsInPython(source);
  if (suppressions.length === 0) return plan;
  const isLeftOut = (finding: Plan['findings'][number]): boolean =>
    suppressions.some((suppression) => leavesOut(suppression, finding));
  const left = withoutSuppressed(plan, suppressions);
  const refused = plan.findings.filter(({ disposition }) => disposition === 'refuse').filter(isLeftOut);
  const kept = plan.changes
    .flatMap(({ findings }) => findings)
    .filter(isLeftOut)
    .map((finding) => ({ ...finding, disposition: 'refuse' as const, reason: RefusalReason.BlockedByAnotherUse }));
  return { ...left, findings: [...left.findings, ...refused, ...kept] };
}
