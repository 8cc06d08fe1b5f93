/** Stretches of a file that scopes enclose. Pure. */
import type { PyNode } from '../../syntax/node.js';

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Whether any two stretches share a part, so that the scope of one would contain a part of another. */
export function doOverlap(ranges: readonly TextRange[]): boolean {
  return ranges.some((a, index) => ranges.slice(index + 1).some((b) => a.start < b.end && b.start < a.end));
}

/** A stretch of one function. */
export interface RangeInFunction extends TextRange {
  /** The function, or the module. */
  readonly body: PyNode;
}

/** Whether a stretch of one list crosses one of the other in the same function. */
export function doCross(some: readonly RangeInFunction[], others: readonly RangeInFunction[]): boolean {
  return some.some((a) => others.some((b) => a.body === b.body && doOverlap([a, b])));
}
