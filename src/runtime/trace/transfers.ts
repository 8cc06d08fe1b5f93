/** Which replica hands its value to which, so that they are added up on the first. Pure. */

/** Replica `from` sends what it has, and `to` adds it to its own. */
export interface Transfer {
  readonly from: number;
  readonly to: number;
}

/** Everyone sends to replica 0, which adds in replica order. */
export function toOneReplica(replicas: number): Transfer[] {
  return Array.from({ length: Math.max(0, replicas - 1) }, (_, index) => ({ from: index + 1, to: 0 }));
}

/** Neighbours add up in pairs, then pairs of pairs; replica 0 ends with the sum after about log₂ rounds. */
export function inPairs(replicas: number, first = 0): Transfer[] {
  if (replicas < 2) return [];
  const middle = Math.ceil(replicas / 2);
  return [
    ...inPairs(middle, first),
    ...inPairs(replicas - middle, first + middle),
    { from: first + middle, to: first },
  ];
}
