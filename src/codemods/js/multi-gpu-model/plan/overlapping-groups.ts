/** Which wraps have to wait for the next pass, because their scope would cut into another's. Pure. */
import type { Candidate } from '../assess/assess-wrap.js';
import type { PlannedGroup } from '../write/write-plan.js';

/** The candidates of every group after the first whose statements an earlier group wraps too. */
export function overlappingGroups(planned: readonly PlannedGroup[]): Set<Candidate> {
  const taken: { start: number; end: number }[] = [];
  const waiting = new Set<Candidate>();
  for (const { group, segments } of planned) {
    const ranges = segments.map(({ from, to }) => ({
      start: group.list.statements[from]!.range[0],
      end: group.list.statements[to]!.range[1],
    }));
    const overlaps = ranges.some((range) => taken.some((other) => range.start < other.end && other.start < range.end));
    if (overlaps) for (const { candidate } of group.members) waiting.add(candidate);
    else taken.push(...ranges);
  }
  return waiting;
}
