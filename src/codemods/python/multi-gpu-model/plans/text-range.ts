/** Stretches of a file that scopes enclose. Pure. */

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Whether any two stretches share a part, so that the scope of one would contain a part of another. */
export function doOverlap(ranges: readonly TextRange[]): boolean {
  return ranges.some((a, index) => ranges.slice(index + 1).some((b) => a.start < b.end && b.start < a.end));
}
