/**
 * The literal pre-filter: does a file meet any of the conditions without which no migration has
 * anything to do? Works on bytes, before decoding or parsing. Pure.
 */
import type { Needle } from '../codemods/needle.js';

import { conditionOf } from '../codemods/needle-condition.js';

/** Compiles needles into a test on the bytes of a file. No needle matches nothing. */
export function createNeedleSearch(needles: Iterable<Needle>): (bytes: Buffer) => boolean {
  const distinct = withoutCovered([...new Set(needles)]);
  // One native search a literal: quicker than one pattern for all, and no text is made of the bytes.
  const condition = conditionOf(distinct, (literal) => Buffer.from(literal, 'utf8'));
  return (bytes) =>
    condition({ indexOf: (pattern, from) => bytes.indexOf(pattern, from), codeAt: (index) => bytes[index] });
}

/** A needle that contains another one never decides anything. */
function withoutCovered(needles: readonly Needle[]): Needle[] {
  return needles.filter(
    (needle) =>
      !needles.some(
        (other) =>
          other !== needle && typeof other === 'string' && typeof needle === 'string' && needle.includes(other),
      ),
  );
}
