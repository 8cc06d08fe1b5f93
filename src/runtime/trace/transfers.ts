/** Orders in which replicas send their values to replica 0, which adds them up. Pure. */

/** Replica `from` sends its value, and replica `to` adds it to its own. */
export interface Transfer {
  /** The number of the sending replica, from 0. */
  readonly from: number;
  /** The number of the receiving replica, from 0. */
  readonly to: number;
}

/**
 * Lets every replica send to replica 0, which adds in replica order.
 *
 * @param replicas - How many replicas there are.
 * @returns The transfers, in order.
 */
export function toOneReplica(replicas: number): Transfer[] {
  return Array.from({ length: Math.max(0, replicas - 1) }, (_, index) => ({ from: index + 1, to: 0 }));
}

/**
 * Lets neighbours add up in pairs, then pairs of pairs. Replica 0 has the sum after about log₂ rounds.
 *
 * @param replicas - How many replicas there are.
 * @param first - The number of the first one.
 * @returns The transfers, in order.
 */
export function inPairs(replicas: number, first = 0): Transfer[] {
  if (replicas < 2) return [];
  const middle = Math.ceil(replicas / 2);
  return [
    ...inPairs(middle, first),
    ...inPairs(replicas - middle, first + middle),
    { from: first + middle, to: first },
  ];
}
