/** Reports comments that leave nothing out. Pure. */
import type { Finding, Position } from '../result.js';
import type { Suppression } from './suppression.js';

/** Stands in for the name of a migration in findings about the comments themselves. */
export const SUPPRESSION_FINDINGS = 'suppressions';

/**
 * Makes the finding for a comment that leaves nothing out.
 *
 * @param suppression - The comment.
 * @param position - Converts an offset of the text.
 * @param possible - Names that would have left something out there.
 * @returns The finding, for a person to look at.
 */
export function unusedSuppression(
  { names, start, end }: Suppression,
  position: (offset: number) => Position,
  possible: readonly string[] = [],
): Finding {
  const what = names.length === 0 ? 'It names no reason' : `There is no finding for ${names.join(', ')} here`;
  const instead = possible.length === 0 ? '' : ` (it could name ${possible.join(', ')})`;
  return {
    migration: SUPPRESSION_FINDINGS,
    api: 'mirrorscope-ignore',
    message: `This comment leaves nothing out. ${what}${instead}; remove or correct it.`,
    disposition: 'report',
    start: position(start),
    end: position(end),
  };
}
