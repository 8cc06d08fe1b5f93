/**
 * Finds the wraps that must wait for the next pass, because their scope overlaps with another scope, or because both
 * strategies need the same declaration above them. Pure.
 */
import type { Wrap } from '../assess/assess-wrap.js';
import type { Segment } from './segments.js';
import type { WrapGroup } from './wrap-groups.js';

/** A group with the statements that go into its scope. */
export interface PlannedGroup {
  readonly group: WrapGroup;
  readonly segments: readonly Segment[];
}

/** The wraps of every group whose segments or moved declarations overlap with those of an earlier group. */
export function overlappingGroups(planned: readonly PlannedGroup[]): Set<Wrap> {
  const accepted: { start: number; end: number }[] = [];
  const overlapping = new Set<Wrap>();
  for (const { group, segments } of planned) {
    const moved = group.strategy.hoisted.map(({ range: [start, end] }) => ({ start, end }));
    const ranges = [...segments.map((segment) => rangeOfSegment(segment, group)), ...moved];
    const overlaps = ranges.some((range) =>
      accepted.some((other) => range.start < other.end && other.start < range.end),
    );
    if (overlaps) for (const { wrap } of group.members) overlapping.add(wrap);
    else accepted.push(...ranges);
  }
  return overlapping;
}

/** The text from the first to the last statement of a segment, with those that are removed. */
function rangeOfSegment({ from, to }: Segment, { list }: WrapGroup): { start: number; end: number } {
  const ranges = list.statements.slice(from, to + 1).map(({ range }) => range);
  return { start: Math.min(...ranges.map(([start]) => start)), end: Math.max(...ranges.map(([, end]) => end)) };
}
