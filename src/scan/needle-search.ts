/**
 * The literal pre-filter: does a file hold any of the strings without which no migration has
 * anything to do? Works on bytes, before decoding or parsing. Pure.
 */

/** Up to this many needles one native search each is quicker than one combined pattern. */
const SEPARATE_SEARCH_LIMIT = 8;

/** Compiles needles into a test on the bytes of a file. No needle matches nothing. */
export function createNeedleSearch(needles: Iterable<string>): (bytes: Buffer) => boolean {
  const distinct = withoutCovered([...new Set(needles)]);
  if (distinct.length === 0) return () => false;
  if (distinct.length <= SEPARATE_SEARCH_LIMIT) {
    const encoded = distinct.map((needle) => Buffer.from(needle, 'utf8'));
    return (bytes) => encoded.some((needle) => bytes.includes(needle));
  }
  // UTF-8 bytes read as Latin-1 keep a one-to-one mapping, so that a pattern can search bytes.
  const source = distinct.map((needle) => escapePattern(Buffer.from(needle, 'utf8').toString('latin1'))).join('|');
  const pattern = new RegExp(source);
  return (bytes) => pattern.test(bytes.toString('latin1'));
}

/** A needle that contains another one never decides anything. */
function withoutCovered(needles: readonly string[]): string[] {
  return needles.filter((needle) => !needles.some((other) => other !== needle && needle.includes(other)));
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
