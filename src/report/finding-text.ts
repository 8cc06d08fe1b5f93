/** How reports word a finding. Pure. */
import type { Disposition, Finding } from '../codemods/result.js';

import { REFUSAL_ADVICE } from '../codemods/refusal-advice-table.js';

/**
 * The label of a disposition.
 *
 * @param disposition - What was decided about the finding.
 * @param applied - Whether the changes were written; otherwise they are a preview.
 * @returns One or two words.
 */
export function dispositionLabel(disposition: Disposition, applied: boolean): string {
  switch (disposition) {
    case 'rewrite':
      return applied ? 'rewritten' : 'to rewrite';
    case 'refuse':
      return 'refused';
    case 'report':
      return 'reported';
    case 'warn':
      return 'warning';
  }
}

/** What to do about a refused finding, in one line; `undefined` for other findings. */
export function adviceFor(finding: Finding): string | undefined {
  return finding.reason === undefined ? undefined : REFUSAL_ADVICE.get(finding.reason);
}

/** The section of the documentation that explains a refusal; `undefined` for other findings. */
export function docsFor(finding: Finding): string | undefined {
  return finding.reason === undefined ? undefined : `docs/refusals.md#${finding.reason}`;
}

/** The message of a finding, followed by the advice when there is one. */
export function messageWithAdvice(finding: Finding): string {
  const advice = adviceFor(finding);
  return advice === undefined ? finding.message : `${finding.message} ${advice}`;
}
