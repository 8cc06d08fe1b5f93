/** How the rows of a global batch are dealt to replicas. Pure arithmetic. */

/** The rows `[start, start + size)` of a batch. */
export interface RowRange {
  readonly start: number;
  readonly size: number;
}

/**
 * Contiguous parts of a batch of `rows` examples, one a replica, as even as can be; the first replicas take the odd
 * rows. A replica's size is 0 when there are fewer rows than replicas.
 */
export function splitRows(rows: number, replicas: number): RowRange[] {
  const even = Math.floor(rows / replicas);
  const odd = rows % replicas;
  return Array.from({ length: replicas }, (_, replica) => ({
    start: replica * even + Math.min(replica, odd),
    size: even + (replica < odd ? 1 : 0),
  }));
}
