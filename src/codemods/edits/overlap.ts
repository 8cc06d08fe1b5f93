/** Finds edits that cannot be applied together. Pure. */
import type { Change, TextEdit } from '../result.js';

/** Whether two edits change the same text; edits that only share an edge do not. */
export function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.start === a.end && b.start === b.end) return false;
  return a.start < b.end && b.start < a.end;
}

/** Two edits that overlap, if there are any. */
export function findOverlap(edits: readonly TextEdit[]): readonly [TextEdit, TextEdit] | undefined {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let furthest: TextEdit | undefined;
  for (const edit of sorted) {
    if (furthest !== undefined && overlaps(furthest, edit)) return [furthest, edit];
    if (furthest === undefined || edit.end > furthest.end) furthest = edit;
  }
  return undefined;
}

/** Separates the changes that can be applied together from those that overlap with an earlier change. */
export function separateOverlapping(changes: readonly Change[]): { accepted: Change[]; postponed: Change[] } {
  const accepted: Change[] = [];
  const postponed: Change[] = [];
  const edits: TextEdit[] = [];
  for (const change of changes) {
    if (findOverlap([...edits, ...change.edits]) === undefined) {
      accepted.push(change);
      edits.push(...change.edits);
    } else {
      postponed.push(change);
    }
  }
  return { accepted, postponed };
}
