/** The words in which reports speak of a place. Pure. */
import type { Disposition, Finding } from '../codemods/result.js';

import { REFUSAL_ADVICE } from '../codemods/refusal-advice-table.js';

/** How a disposition reads, in a preview and after writing. */
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

/** What to do about a refused place, in one line; `undefined` for the others. */
export function adviceFor(finding: Finding): string | undefined {
  return finding.reason === undefined ? undefined : REFUSAL_ADVICE.get(finding.reason);
}

/** Where the documentation explains a refusal; `undefined` for places that are not refused. */
export function docsFor(finding: Finding): string | undefined {
  return finding.reason === undefined ? undefined : `docs/refusals.md#${finding.reason}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
