/**
 * Writes collectives on one tensor into a recording. While recording, one replica runs alone: a copy of its own tensor
 * stands for the result that the other replicas would contribute to. Touches the recorder. Source of the ops:
 * tensorflow/core/ops/collective_ops.cc (CollectiveReduceV2, CollectiveBcastSendV2, CollectiveBcastRecvV2).
 */
import type { Handle, OpExecutor } from '../tensorflow/op-executor.js';
import type { RecordingExecutor } from './recording-executor.js';
import type { ReduceGroup } from './reduce-group.js';
import type { Transfer } from './transfers.js';
import type { SentValue } from './warm-up-pairs.js';
import type { CollectiveTensor, ReplicaCollective } from './watchdog/watched-step.js';

import { attributes, float, int, NO_ATTRIBUTES, type OpAttribute, string, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

import { type HalfPrecision, sumInHalfPrecision } from './half-precision-sum.js';

/**
 * TensorFlow would block a thread for each timeout, and run no collective after one. The watchdog times waits instead.
 */
const NO_TIMEOUT = 0;

/**
 * Into how many parts TensorFlow divides what each device sends to another process. By default it sends large parts,
 * which take more than twice as long. All processes must divide alike, and Python's use the default.
 */
const MAX_SUBDIVISIONS = 8;

/** The options of {@link RecordedCollectives}. */
export interface RecordedCollectivesOptions {
  readonly recorder: RecordingExecutor;
  /** Runs ops without recording them. */
  readonly unrecorded: OpExecutor;
  readonly group: ReduceGroup;
  /** The replica of the group whose part is recorded. */
  readonly replica: number;
  /** An `int32` parameter of the function: the first of the step's instance keys. */
  readonly keyBase: Handle;
}

/** A collective before its node has a name. */
export type WrittenCollective = Omit<ReplicaCollective, 'node'>;

/** Everything that the collectives of one recording exchange. */
export interface CollectiveSummary {
  /** The number of collectives in the step, including those of other replicas. A step uses as many instance keys. */
  readonly count: number;
  /** The points where replicas wait for each other, in order: element type and shape of the reduced value. */
  readonly rendezvous: readonly string[];
  /** The results that are the same on every replica. */
  readonly agreed: ReadonlySet<Handle>;
  /** This replica's collectives, by their results. */
  readonly written: ReadonlyMap<Handle, WrittenCollective>;
  /** The values that this replica sends to single others. */
  readonly sent: readonly SentValue[];
}

/** One collective op to write. */
interface CollectiveOp {
  readonly op: string;
  readonly attributes?: readonly OpAttribute[];
  /** Stands for the result while recording. */
  readonly like: Handle;
  /** The values before the keys. */
  readonly inputs: readonly Handle[];
  readonly groupSize: number;
  readonly groupKey: number;
  /** The number of the collective within the step. */
  readonly instance: number;
  /** The values after the keys. */
  readonly trailingInputs?: readonly Handle[];
}

/** The collectives of one recording. Every replica must write the same ones in the same order. */
export class RecordedCollectives implements CollectiveSummary {
  readonly rendezvous: string[] = [];
  readonly sent: SentValue[] = [];
  readonly agreed = new Set<Handle>();
  readonly written = new Map<Handle, WrittenCollective>();
  readonly #options: RecordedCollectivesOptions;
  #count = 0;

  constructor(options: RecordedCollectivesOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds up a value over the replicas.
   *
   * @param handle - This replica's value.
   * @param tensors - The tensors that it consists of, for error messages.
   * @returns The sum. The caller disposes of it.
   */
  sum(handle: Handle, tensors: readonly CollectiveTensor[]): Handle {
    const { transfers } = this.#options.group;
    this.#meet('', handle);
    const sum =
      transfers === undefined ? this.#allReduce(handle, tensors) : this.#sumByTransfers(handle, { transfers, tensors });
    this.agreed.add(sum);
    return sum;
  }

  /**
   * Adds up a vector of `float32` over the replicas, which travels in fewer bits.
   *
   * @param handle - This replica's value.
   * @param dtype - The type in which it travels.
   * @param tensors - The tensors that it consists of, for error messages.
   * @returns The sum, `float32`. The caller disposes of it.
   */
  sumInHalfPrecision(handle: Handle, dtype: HalfPrecision, tensors: readonly CollectiveTensor[]): Handle {
    const { recorder, unrecorded, group } = this.#options;
    const exchange = (op: string, value: Handle, like: Handle): Handle => {
      this.#meet(op, value);
      return this.#append(
        { op, like, inputs: [value], groupSize: group.size, groupKey: group.key, instance: this.#count++ },
        tensors,
      );
    };
    const sum = sumInHalfPrecision(handle, dtype, {
      recorder,
      unrecorded,
      size: group.size,
      exchangesParts: group.exchangesParts !== false,
      reduce: (value) => {
        this.#meet('', value);
        return this.#allReduce(value, tensors);
      },
      exchangeParts: (value) => exchange('CollectiveAllToAllV2', value, value),
      gather: (value, like) => exchange('CollectiveGatherV2', value, like),
    });
    this.agreed.add(sum);
    return sum;
  }

  /** Notes that the replicas wait for each other, to exchange a value. */
  #meet(op: string, { dtype, shape }: Handle): void {
    this.rendezvous.push(`${op}${String(dtype)}[${shape.join(',')}]`);
  }

  #allReduce(handle: Handle, tensors: readonly CollectiveTensor[]): Handle {
    const { group } = this.#options;
    return this.#append(
      {
        op: 'CollectiveReduceV2',
        attributes: [
          string('merge_op', 'Add'),
          string('final_op', 'Id'),
          ...(group.peers !== undefined && group.pythonPeers !== true
            ? [int('max_subdivs_per_device', MAX_SUBDIVISIONS)]
            : []),
        ],
        like: handle,
        inputs: [handle],
        groupSize: group.size,
        groupKey: group.key,
        instance: this.#count++,
      },
      tensors,
    );
  }

  /** Sends the values to replica 0, which adds them, and sends the sum back the same way. */
  #sumByTransfers(
    handle: Handle,
    { transfers, tensors }: { readonly transfers: readonly Transfer[]; readonly tensors: readonly CollectiveTensor[] },
  ): Handle {
    const { replica, recorder } = this.#options;
    const start = this.#count;
    this.#count += 2 * transfers.length;
    const temporary: Handle[] = [];
    let value = handle;
    const replaceValue = (next: Handle): void => {
      if (value !== handle) temporary.push(value);
      value = next;
    };
    transfers.forEach((transfer, index) => {
      const received = this.#copy(value, { transfer, instance: start + index, tensors });
      if (received === undefined) return;
      temporary.push(received);
      if (replica === transfer.to) replaceValue(recorder.execute1('AddV2', NO_ATTRIBUTES, [value, received]));
    });
    transfers.toReversed().forEach(({ from, to }, index) => {
      const back = { transfer: { from: to, to: from }, instance: start + transfers.length + index, tensors };
      const received = this.#copy(value, back);
      if (received === undefined) return;
      if (replica === from) replaceValue(received);
      else temporary.push(received);
    });
    for (const each of temporary) each.dispose();
    return value;
  }

  /** Writes this replica's half of a transfer. @returns The result of its op; undefined when it takes no part. */
  #copy(value: Handle, { transfer: { from, to }, instance, tensors }: CopiedValue): Handle | undefined {
    const { replica, group, recorder } = this.#options;
    const groupKey = group.pairKey(from, to);
    const common = { like: value, groupSize: 2, groupKey, instance };
    if (replica === from) {
      this.sent.push({ from, to, key: groupKey, instance, shape: [...value.shape], dtype: value.dtype });
      return this.#append({ ...common, op: 'CollectiveBcastSendV2', inputs: [value] }, tensors);
    }
    if (replica !== to) return undefined;
    const shape = recorder.constant([...value.shape], [value.shape.length], DataTypeCode.Int32);
    return this.#append(
      {
        ...common,
        op: 'CollectiveBcastRecvV2',
        attributes: [type('T', value.dtype)],
        inputs: [],
        trailingInputs: [shape],
      },
      tensors,
    );
  }

  #append(collective: CollectiveOp, tensors: readonly CollectiveTensor[]): Handle {
    const { recorder, unrecorded, group, keyBase } = this.#options;
    const { op, like, inputs, groupSize, groupKey, instance, trailingInputs = [] } = collective;
    const number = (value: number): Handle => recorder.constant([value], [], DataTypeCode.Int32);
    const instanceKey = recorder.execute1('AddV2', NO_ATTRIBUTES, [keyBase, number(instance)]);
    const result = unrecorded.execute1('Identity', NO_ATTRIBUTES, [like]);
    recorder.append(
      op,
      attributes(
        ...(collective.attributes ?? []),
        string('communication_hint', group.options.implementation),
        float('timeout_seconds', NO_TIMEOUT),
      ),
      [...inputs, number(groupSize), number(groupKey), instanceKey, ...trailingInputs],
      [result],
    );
    this.written.set(result, { instance, tensors });
    instanceKey.dispose();
    return result;
  }
}

interface CopiedValue {
  readonly transfer: Transfer;
  readonly instance: number;
  readonly tensors: readonly CollectiveTensor[];
}
