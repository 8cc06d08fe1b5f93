/** Deals a batch out to replicas as the parts of a replicated step. Pure but for slicing tensors. */
import type { BatchData } from '../../tfjs/layers-model.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { ReplicaPart } from '../../trace/replicated-step.js';
import type { Tensor } from '@tensorflow/tfjs';

import { type RowRange, splitRows } from '../../distribute/split-batch.js';
import { batchRows, sliceBatch } from '../../layers/replica-batch.js';

/** One replica's share of a batch. */
export interface Share {
  readonly size: number;
  /** Its rows as a fraction of the batch. */
  readonly weight: number;
  /** How many replicas have rows. */
  readonly participants: number;
  /** Of the micro-batches of a step. */
  readonly isLast?: boolean;
}

/** The code of a step for a replica that has rows. */
export type ShareBody = (
  share: Share,
  local: BatchData,
  allReduce: AllReduce,
  own: readonly Tensor[],
) => readonly Tensor[];

/** The code of a step for a replica without rows: it meets the others in the all-reduce, with zeros. */
export type IdleBody = (allReduce: AllReduce) => readonly Tensor[];

const isPresent = (tensor: Tensor | null | undefined): tensor is Tensor => tensor !== null && tensor !== undefined;

/** Puts tensors back into the places of a batch that has them; missing entries (no sample weights) stay missing. */
function restorePlaces(data: BatchData, tensors: readonly Tensor[]): BatchData {
  let next = 0;
  return data.map((tensor) => (isPresent(tensor) ? tensors[next++] : tensor));
}

/**
 * The parts of all replicas, in replica order.
 *
 * @param idle - Absent: replicas without rows get no part, since the step has nothing to meet for.
 */
export function batchParts(
  tf: TensorFlowJs,
  data: BatchData,
  replicas: number,
  body: ShareBody,
  idle?: IdleBody,
): ReplicaPart[] {
  const rows = batchRows(data);
  const ranges = splitRows(rows, replicas);
  const participants = ranges.filter(({ size }) => size > 0).length;
  return ranges.flatMap((range): ReplicaPart[] => {
    if (range.size === 0)
      return idle === undefined ? [] : [{ key: `idle ${rows}`, data: [], body: (_, allReduce) => idle(allReduce) }];
    const share: Share = { size: range.size, weight: range.size / rows, participants };
    return [sharePart(tf, { data, range, rows, share }, body)];
  });
}

/** The rows of one replica, and what is said of them. */
interface SharedRows {
  readonly data: BatchData;
  readonly range: RowRange;
  /** Of the whole batch. */
  readonly rows: number;
  readonly share: Share;
  readonly own?: readonly Tensor[];
}

/** The part of a replica that has rows. */
export function sharePart(
  tf: TensorFlowJs,
  { data, range, rows, share, own = [] }: SharedRows,
  body: ShareBody,
): ReplicaPart {
  const pattern = data.map((tensor) => (isPresent(tensor) ? '+' : '-')).join('');
  const local = (range.size === rows ? data : sliceBatch(tf, data, range)).filter(isPresent);
  return {
    key: `${pattern} ${range.size}/${rows} ${own.length} ${share.isLast === true ? 'last' : ''}`,
    data: local,
    own,
    body: (tensors, allReduce) =>
      body(share, restorePlaces(data, tensors.slice(0, local.length)), allReduce, tensors.slice(local.length)),
  };
}

type TensorSignature = Pick<Tensor, 'shape' | 'dtype'>;

/** Remembers where replicas with rows meet, and with what, so that those without can meet them. */
export class Meetings {
  readonly #tf: TensorFlowJs;
  #held: TensorSignature[][] = [];

  constructor(tf: TensorFlowJs) {
    this.#tf = tf;
  }

  /** Begins anew: an all-reduce that notes what it is asked for. */
  note(allReduce: AllReduce): AllReduce {
    const held: TensorSignature[][] = [];
    this.#held = held;
    return {
      sum(tensors, names) {
        held.push(tensors.map(({ shape, dtype }) => ({ shape, dtype })));
        return allReduce.sum(tensors, names);
      },
    };
  }

  /** Comes to every meeting that was noted, with zeros. @returns What the last one gives. */
  attendWithZeros(allReduce: AllReduce): Tensor[] {
    const sums = this.#held.map((tensors) =>
      allReduce.sum(tensors.map(({ shape, dtype }) => this.#tf.zeros([...shape], dtype))),
    );
    return sums.at(-1) ?? [];
  }
}
