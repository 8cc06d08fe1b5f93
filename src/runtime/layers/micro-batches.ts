/** Splits the rows of one replica into the micro-batches of a step that accumulates gradients. Pure. */
import type { ReplicaShare } from '../distribute/replica-topology.js';

import { type RowRange, splitRows } from '../distribute/split-batch.js';

/** The rows of one replica in one micro-batch. */
export interface MicroBatchShare extends ReplicaShare {
  /** Its number, from 0. */
  readonly microBatch: number;
}

/**
 * Chooses the number of micro-batches of a step: the requested number, or fewer, so that every replica with rows has a
 * row in each of them. Otherwise some replicas would wait in a collective for the others.
 */
export function microBatchCount(rows: number, participants: number, wanted: number): number {
  return participants === 0 ? 1 : Math.min(wanted, Math.floor(rows / participants));
}

/** Splits the rows of a replica into micro-batches. */
export function microBatches({ start, size }: RowRange, count: number): RowRange[] {
  return splitRows(size, count).map((rows) => ({ start: start + rows.start, size: rows.size }));
}

/** Splits a replica's share of a batch into shares of `count` micro-batches. */
export function microBatchShares({ replicaId, rows, weight }: ReplicaShare, count: number): MicroBatchShare[] {
  return microBatches(rows, count).map((part, microBatch) => ({
    replicaId,
    microBatch,
    rows: part,
    weight: (weight * part.size) / rows.size,
  }));
}
