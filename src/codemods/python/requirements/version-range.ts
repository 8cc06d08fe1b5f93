/** Reads and compares version ranges of pip, conda and Poetry. Pure. */

/** From `low` (inclusive) to `high` (exclusive); undefined means no bound. */
export interface VersionRange {
  readonly low: readonly number[] | undefined;
  readonly high: readonly number[] | undefined;
}

/** The range of all versions. */
export const ANY_VERSION: VersionRange = { low: undefined, high: undefined };

/** The release numbers of a version, without suffixes such as `rc1`, `.post2` and `+cpu`. */
export function versionOf(text: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(text.trim())?.[0] ?? '0').split('.').map(Number);
}

/** Orders versions: negative, zero or positive. Missing numbers count as zero. */
export function compareVersions(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Reads `>=3.3,<3.10`, `==2.4.*`, `~=2.4`, `^2.4`, `=2.4.1=py37_0`, `2.4`. Ignores exclusions (`!=`) and alternatives
 * after `|`, so the range may be wider than the requirement.
 */
export function parseRange(specifier: string): VersionRange {
  let range = ANY_VERSION;
  const [first = ''] = specifier.split('|');
  for (const [, operator = '', version = ''] of first
    .replace(/\s+/g, ' ')
    .matchAll(/(===|==|~=|!=|>=|<=|>|<|\^|~|=)? ?v?(\d+(?:\.\d+)*(?:\.\*)?)[^,\s]*/g)) {
    range = intersection(range, clauseRange(operator, version));
  }
  return range;
}

function clauseRange(operator: string, text: string): VersionRange {
  const version = versionOf(text);
  const wild = text.endsWith('*');
  switch (operator) {
    case '>=':
      return { low: version, high: undefined };
    case '>':
      return { low: after(version), high: undefined };
    case '<':
      return { low: undefined, high: version };
    case '<=':
      return { low: undefined, high: after(version) };
    case '~=':
      return { low: version, high: raised(version, Math.max(0, version.length - 2)) };
    case '~':
      return { low: version, high: raised(version, Math.min(1, version.length - 1)) };
    case '^': {
      const first = version.findIndex((part) => part !== 0);
      return { low: version, high: raised(version, first === -1 ? 0 : first) };
    }
    case '!=':
      return ANY_VERSION;
    // The single `=` of conda matches every version with this prefix.
    case '=':
      return { low: version, high: raised(version, version.length - 1) };
    default:
      return { low: version, high: wild ? raised(version, version.length - 1) : after(version) };
  }
}

/** The next version after one and its pre- and post-releases. */
function after(version: readonly number[]): number[] {
  const padded = [...version, 0, 0].slice(0, Math.max(3, version.length));
  return raised(padded, padded.length - 1);
}

function raised(version: readonly number[], index: number): number[] {
  return [...version.slice(0, index), (version[index] ?? 0) + 1];
}

function intersection(left: VersionRange, right: VersionRange): VersionRange {
  return {
    low:
      left.low === undefined || (right.low !== undefined && compareVersions(right.low, left.low) > 0)
        ? right.low
        : left.low,
    high:
      left.high === undefined || (right.high !== undefined && compareVersions(right.high, left.high) < 0)
        ? right.high
        : left.high,
  };
}

/** Whether two ranges have no version in common. */
export function areApart(left: VersionRange, right: VersionRange): boolean {
  const { low, high } = intersection(left, right);
  return low !== undefined && high !== undefined && compareVersions(low, high) >= 0;
}

/** Whether another range contains the newest version of a range. */
export function newestIsIn(allowed: VersionRange, range: VersionRange): boolean {
  if (allowed.high === undefined) return range.high === undefined;
  if (range.low !== undefined && compareVersions(allowed.high, range.low) <= 0) return false;
  return range.high === undefined || compareVersions(allowed.high, range.high) <= 0;
}

/** Whether another range contains the lower bound of a range. */
export function lowestIsIn({ low }: VersionRange, range: VersionRange): boolean {
  if (low === undefined || (range.low !== undefined && compareVersions(low, range.low) < 0)) return false;
  return range.high === undefined || compareVersions(low, range.high) < 0;
}
