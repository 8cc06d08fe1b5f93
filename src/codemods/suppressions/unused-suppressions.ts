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
 * @returns The finding, for a person to look at.
 */
export function unusedSuppression({ names, start, end }: Suppression, position: (offset: number) => Position): Finding {
  const what = names.length === 0 ? 'It names no reason' : `There is no finding for ${names.join(', ')} here`;
  return {
    migration: SUPPRESSION_FINDINGS,
    api: 'mirrorscope-ignore',
    message: `This comment leaves nothing out. ${what}; remove or correct it.`,
    disposition: 'report',
    start: position(start),
    end: position(end),
  };
}
