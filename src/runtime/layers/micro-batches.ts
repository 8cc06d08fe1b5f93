/** How the rows of one replica are dealt to the micro-batches of a step that accumulates gradients. Pure arithmetic. */
import type { ReplicaShare } from '../distribute/replica-topology.js';

import { type RowRange, splitRows } from '../distribute/split-batch.js';

/** The part of one replica in one micro-batch. */
export interface MicroBatchShare extends ReplicaShare {
  /** Its number, from 0. */
  readonly microBatch: number;
}

/**
 * How many micro-batches a step has: as many as asked for, but every replica with rows must have a row in each of them, so that their
 * collectives meet.
 */
export function microBatchCount(rows: number, participants: number, wanted: number): number {
  return participants === 0 ? 1 : Math.min(wanted, Math.floor(rows / participants));
}

/** The rows of each micro-batch, within the rows of a replica. */
export function microBatches({ start, size }: RowRange, count: number): RowRange[] {
  return splitRows(size, count).map((rows) => ({ start: start + rows.start, size: rows.size }));
}

/** A replica's share of a batch as shares of `count` micro-batches. */
export function microBatchShares({ replicaId, rows, weight }: ReplicaShare, count: number): MicroBatchShare[] {
  return microBatches(rows, count).map((part, microBatch) => ({
    replicaId,
    microBatch,
    rows: part,
    weight: (weight * part.size) / rows.size,
  }));
}
