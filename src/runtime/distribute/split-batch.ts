/** Splits the rows of a global batch between replicas. Pure. */

/** The rows `[start, start + size)` of a batch. */
export interface RowRange {
  readonly start: number;
  readonly size: number;
}

/**
 * Splits a batch into contiguous parts, as equal in size as possible. If the rows do not divide evenly, the first
 * replicas get one row more.
 *
 * @param rows - The number of examples in the batch.
 * @param replicas - The number of replicas.
 * @returns One part per replica. With fewer rows than replicas, the last parts have a size of 0.
 */
export function splitRows(rows: number, replicas: number): RowRange[] {
  const even = Math.floor(rows / replicas);
  const odd = rows % replicas;
  return Array.from({ length: replicas }, (_, replica) => ({
    start: replica * even + Math.min(replica, odd),
    size: even + (replica < odd ? 1 : 0),
  }));
}
