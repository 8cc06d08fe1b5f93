/**
 * Says which process and device each replica of a strategy runs on. A strategy has replicas in one or more processes;
 * each process runs its local replicas. Replicas are numbered over all processes, starting with those of process 0.
 * Pure.
 */
import type { Device } from './device.js';

import { type RowRange, splitRows } from './split-batch.js';

/** This process among the processes of a strategy. */
export interface ProcessPlacement {
  readonly processIndex: number;
  /** How many replicas each process runs, in process order. */
  readonly replicasPerProcess: readonly number[];
}

/** The rows of one replica in a step. */
export interface ReplicaShare {
  readonly replicaId: number;
  readonly rows: RowRange;
  /** Its rows as a fraction of the global batch. */
  readonly weight: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The local and global replicas of one strategy, as one process sees them. */
export class ReplicaTopology {
  /** The devices of the local replicas, in replica order. */
  readonly localDevices: readonly Device[];
  /** The global numbers of the local replicas, ascending. */
  readonly localReplicaIds: readonly number[];
  /** How many replicas all processes run together. */
  readonly replicaCount: number;
  readonly processCount: number;
  readonly processIndex: number;
  readonly #firstOfLastProcess: number;

  /**
   * @param localDevices - One device for each local replica.
   * @param placement - This process among those of the strategy. By default, it is the only one.
   */
  constructor(localDevices: readonly Device[], placement?: ProcessPlacement) {
    const { processIndex, replicasPerProcess } = placement ?? {
      processIndex: 0,
      replicasPerProcess: [localDevices.length],
    };
    if (replicasPerProcess[processIndex] !== localDevices.length)
      throw new RangeError(`process ${processIndex} has ${localDevices.length} devices for its replicas`);
    const first = sum(replicasPerProcess.slice(0, processIndex));
    this.localDevices = Object.freeze([...localDevices]);
    this.localReplicaIds = Object.freeze(localDevices.map((_, index) => first + index));
    this.replicaCount = sum(replicasPerProcess);
    this.processCount = replicasPerProcess.length;
    this.processIndex = processIndex;
    this.#firstOfLastProcess = sum(replicasPerProcess.slice(0, -1));
  }

  /** The number of local replicas, which is the number of components of a distributed value in this process. */
  get localReplicaCount(): number {
    return this.localDevices.length;
  }

  /** The global number of the first local replica. */
  get firstReplicaId(): number {
    return this.localReplicaIds[0] ?? 0;
  }

  /** Whether there is more than one replica. */
  get isReplicated(): boolean {
    return this.replicaCount > 1;
  }

  /** The position of a local replica among the local ones. */
  localIndexOf(replicaId: number): number {
    return replicaId - this.firstReplicaId;
  }

  /** The device of a local replica; undefined for a replica of another process. */
  deviceOf(replicaId: number): Device | undefined {
    return this.localDevices[this.localIndexOf(replicaId)];
  }

  /** Counts the replicas, of all processes, that get rows of a batch of `rows` examples. They are the first ones. */
  participants(rows: number): number {
    return Math.min(rows, this.replicaCount);
  }

  /** Whether a process gets no rows of a batch of `rows` examples. */
  hasIdleProcess(rows: number): boolean {
    return this.participants(rows) <= this.#firstOfLastProcess;
  }

  /**
   * Lists the rows of each local replica in a global batch of `rows` examples, in replica order. Idle replicas have a
   * size of 0.
   */
  localRows(rows: number): RowRange[] {
    const all = splitRows(rows, this.replicaCount);
    return all.slice(this.firstReplicaId, this.firstReplicaId + this.localReplicaCount);
  }

  /** The local replicas that get rows of a global batch of `rows` examples, ascending. */
  localShares(rows: number): ReplicaShare[] {
    return this.localRows(rows)
      .map((range, index) => ({
        replicaId: this.firstReplicaId + index,
        rows: range,
        weight: range.size / rows,
      }))
      .filter(({ rows: { size } }) => size > 0);
  }
}
