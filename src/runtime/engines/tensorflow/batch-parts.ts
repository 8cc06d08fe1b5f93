/** Splits a batch into the replicas' parts of a step. Touches tensors only. */
import type { ReplicaTopology } from '../../distribute/replica-topology.js';
import type { RowRange } from '../../distribute/split-batch.js';
import type { BatchData } from '../../tfjs/layers-model.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { ReplicaPart } from '../../trace/replica-part.js';
import type { Tensor } from '@tensorflow/tfjs';

import { batchRows, sliceBatch } from '../../layers/replica-batch.js';

/** One replica's share of a batch. */
export interface Share {
  readonly size: number;
  /** Its rows as a fraction of the batch. */
  readonly weight: number;
  /** How many replicas have rows. */
  readonly participants: number;
  /** Whether this is the last micro-batch of the step. */
  readonly isLast?: boolean;
}

/** One recording of a step on a replica that has rows. */
export interface ShareRecording {
  readonly share: Share;
  /** The replica's rows. */
  readonly rows: BatchData;
  readonly allReduce: AllReduce;
  /** The sums of the micro-batches before, on this replica. */
  readonly carried: readonly Tensor[];
}

/** The code of a step for a replica that has rows. */
export type ShareBody = (recording: ShareRecording) => readonly Tensor[];

/** The code of a step for an idle replica, which takes part in the all-reduce of the others with zeros. */
export type IdleBody = (allReduce: AllReduce) => readonly Tensor[];

const isPresent = (tensor: Tensor | null | undefined): tensor is Tensor => tensor !== null && tensor !== undefined;

/** Replaces the tensors of a batch. Missing entries (no sample weights) stay missing. */
function restorePlaces(data: BatchData, tensors: readonly Tensor[]): BatchData {
  let next = 0;
  return data.map((tensor) => (isPresent(tensor) ? tensors[next++] : tensor));
}

/**
 * Splits a batch between the local replicas.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param data - The global batch.
 * @param topology - The replicas.
 * @param body - The code of a replica with rows.
 * @param idle - The code of an idle replica. Without it, idle replicas get no part, because the step has no
 *   collectives.
 * @returns The parts in replica order.
 */
export function batchParts(
  tf: TensorFlowJs,
  data: BatchData,
  topology: ReplicaTopology,
  body: ShareBody,
  idle?: IdleBody,
): ReplicaPart[] {
  const rows = batchRows(data);
  const participants = topology.participants(rows);
  return topology.localRows(rows).flatMap((range): ReplicaPart[] => {
    if (range.size === 0)
      return idle === undefined
        ? []
        : [{ key: `idle ${rows}`, globalRows: rows, data: [], body: ({ allReduce }) => idle(allReduce) }];
    const share: Share = { size: range.size, weight: range.size / rows, participants };
    return [sharePart(tf, { data, range, rows, share }, body)];
  });
}

/**
 * Makes a part of one row, to learn from its recording what the replicas of other processes exchange.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param data - The global batch.
 * @param topology - The replicas.
 * @param body - The code of a replica with rows.
 * @returns The part. It must not run.
 */
export function sampleParts(
  tf: TensorFlowJs,
  data: BatchData,
  topology: ReplicaTopology,
  body: ShareBody,
): ReplicaPart[] {
  const rows = batchRows(data);
  const share: Share = { size: 1, weight: 1 / rows, participants: topology.participants(rows) };
  return [sharePart(tf, { data, range: { start: 0, size: 1 }, rows, share }, body)];
}

/** The rows of one replica. */
interface SharedRows {
  readonly data: BatchData;
  readonly range: RowRange;
  /** The number of examples in the whole batch. */
  readonly rows: number;
  readonly share: Share;
  readonly own?: readonly Tensor[];
}

/** Makes the part of a replica that has rows. */
export function sharePart(
  tf: TensorFlowJs,
  { data, range, rows, share, own = [] }: SharedRows,
  body: ShareBody,
): ReplicaPart {
  const pattern = data.map((tensor) => (isPresent(tensor) ? '+' : '-')).join('');
  const local = (range.size === rows ? data : sliceBatch(tf, data, range)).filter(isPresent);
  return {
    key: `${pattern} ${range.size}/${rows} ${own.length} ${share.isLast === true ? 'last' : ''}`,
    globalRows: rows,
    data: local,
    own,
    body: ({ data: tensors, allReduce }) =>
      body({
        share,
        rows: restorePlaces(data, tensors.slice(0, local.length)),
        allReduce,
        carried: tensors.slice(local.length),
      }),
  };
}

/** What the replicas add up together. */
interface SumSignature {
  readonly tensors: readonly Pick<Tensor, 'shape' | 'dtype'>[];
  readonly firstGradient: number | undefined;
}

/** Remembers which tensors the replicas with rows all-reduce, so that idle replicas can join with zeros. */
export class CollectiveSignatures {
  readonly #tf: TensorFlowJs;
  #sums: SumSignature[] = [];

  constructor(tf: TensorFlowJs) {
    this.#tf = tf;
  }

  /** Whether it remembers anything. */
  get isKnown(): boolean {
    return this.#sums.length > 0;
  }

  /** Forgets all tensors. @returns An all-reduce that remembers the tensors that it adds up. */
  note(allReduce: AllReduce): AllReduce {
    const sums: SumSignature[] = [];
    this.#sums = sums;
    return {
      sum(tensors, names, firstGradient) {
        sums.push({ tensors: tensors.map(({ shape, dtype }) => ({ shape, dtype })), firstGradient });
        return allReduce.sum(tensors, names, firstGradient);
      },
    };
  }

  /** Takes part in every remembered all-reduce with zeros. @returns The sums of the last one. */
  sumZeros(allReduce: AllReduce): Tensor[] {
    const sums = this.#sums.map(({ tensors, firstGradient }) => {
      const zeros = tensors.map(({ shape, dtype }) => this.#tf.zeros([...shape], dtype));
      return allReduce.sum(zeros, [], firstGradient);
    });
    return sums.at(-1) ?? [];
  }
}
