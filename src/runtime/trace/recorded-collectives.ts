/**
 * Writes collectives on one tensor into a recording. While recording, one replica runs alone: a copy of its own tensor stands for what it
 * would get from others.
 * Source of the ops: tensorflow/core/ops/collective_ops.cc (CollectiveReduceV2, CollectiveBcastSendV2, CollectiveBcastRecvV2).
 */
import type { Handle, OpExecutor } from '../tensorflow/op-executor.js';
import type { CommunicationOptions } from './communication-options.js';
import type { RecordingExecutor } from './recording-executor.js';
import type { Transfer } from './transfers.js';
import type { SentValue } from './warm-up-pairs.js';
import type { CollectiveTensor, ReplicaCollective } from './watchdog/watched-step.js';

import { attributes, float, NO_ATTRIBUTES, type OpAttribute, string, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

/** TensorFlow would keep a thread asleep for each timeout, and run no collective after one: the watchdog looks after waits instead. */
const NO_TIMEOUT = 0;

/** The replicas that reduce together, and how. */
export interface ReduceGroup {
  /** How many replicas the group has, over all processes. */
  readonly size: number;
  /** The number in the group of this process's first replica. */
  readonly firstReplica: number;
  /** Names the group; the same on every replica, another for every set of devices. */
  readonly key: number;
  /** The key of the group of two replicas. */
  pairKey(one: number, other: number): number;
  readonly options: CommunicationOptions;
  /** The way of the values to replica 0, where this is not TensorFlow's own all-reduce. Each replica then runs a function of its own. */
  readonly transfers?: readonly Transfer[] | undefined;
}

/** What one recording needs to write collectives. */
export interface RecordedCollectivesOptions {
  readonly recorder: RecordingExecutor;
  /** Runs what is not recorded. */
  readonly unrecorded: OpExecutor;
  readonly group: ReduceGroup;
  /** Which of the group's replicas is recorded. */
  readonly replica: number;
  /** An `int32` parameter of the function: the first of the step's instance keys. */
  readonly keyBase: Handle;
}

/** The collectives of one recording. Every replica must write the same ones in the same order. */
export class RecordedCollectives {
  readonly #options: RecordedCollectivesOptions;
  readonly #meetings: string[] = [];
  readonly #sent: SentValue[] = [];
  readonly #agreed = new Set<Handle>();
  readonly #written = new Map<Handle, Omit<ReplicaCollective, 'node'>>();
  #carried: readonly CollectiveTensor[] = [];
  #count = 0;

  constructor(options: RecordedCollectivesOptions) {
    this.#options = options;
  }

  /** How many were written, by this replica or by the others: as many instance keys does a step take. */
  get count(): number {
    return this.#count;
  }

  /** Where replicas meet, in order: element type and shape of what is reduced there. */
  get meetings(): readonly string[] {
    return this.#meetings;
  }

  /** The values that every replica got alike. */
  get agreed(): ReadonlySet<Handle> {
    return this.#agreed;
  }

  /** This replica's collectives, by their results. */
  get written(): ReadonlyMap<Handle, Omit<ReplicaCollective, 'node'>> {
    return this.#written;
  }

  /** What this replica sends to others. */
  get sent(): readonly SentValue[] {
    return this.#sent;
  }

  /** The sum of `handle` over the replicas. @param carried - The tensors that it is made of. */
  sum(handle: Handle, carried: readonly CollectiveTensor[]): Handle {
    const { transfers } = this.#options.group;
    this.#carried = carried;
    this.#meetings.push(`${handle.dtype}[${handle.shape.join(',')}]`);
    const sum = transfers === undefined ? this.#allReduce(handle) : this.#sumByTransfers(handle, transfers);
    this.#agreed.add(sum);
    return sum;
  }

  #allReduce(handle: Handle): Handle {
    const { group } = this.#options;
    return this.#append(
      'CollectiveReduceV2',
      [string('merge_op', 'Add'), string('final_op', 'Id')],
      handle,
      [handle],
      group.size,
      group.key,
      this.#count++,
    );
  }

  /** To replica 0, adding, and back the same way. */
  #sumByTransfers(handle: Handle, transfers: readonly Transfer[]): Handle {
    const { replica, recorder } = this.#options;
    const start = this.#count;
    this.#count += 2 * transfers.length;
    const temporary: Handle[] = [];
    let value = handle;
    const hold = (next: Handle): void => {
      if (value !== handle) temporary.push(value);
      value = next;
    };
    transfers.forEach((transfer, index) => {
      const received = this.#copy(value, transfer, start + index);
      if (received === undefined) return;
      temporary.push(received);
      if (replica === transfer.to) hold(recorder.execute1('AddV2', NO_ATTRIBUTES, [value, received]));
    });
    [...transfers].reverse().forEach(({ from, to }, index) => {
      const received = this.#copy(value, { from: to, to: from }, start + transfers.length + index);
      if (received === undefined) return;
      if (replica === from) hold(received);
      else temporary.push(received);
    });
    for (const each of temporary) each.dispose();
    return value;
  }

  /** One replica's value for another: what this replica's op gives; undefined where it is neither. */
  #copy(value: Handle, { from, to }: Transfer, instance: number): Handle | undefined {
    const { replica, group, recorder } = this.#options;
    const key = group.pairKey(from, to);
    if (replica === from) this.#sent.push({ from, to, key, instance, shape: [...value.shape], dtype: value.dtype });
    if (replica === from) return this.#append('CollectiveBcastSendV2', [], value, [value], 2, key, instance);
    if (replica !== to) return undefined;
    const shape = recorder.constant([...value.shape], [value.shape.length], DataTypeCode.Int32);
    return this.#append('CollectiveBcastRecvV2', [type('T', value.dtype)], value, [], 2, key, instance, [shape]);
  }

  /** @param like - Stands for the result while recording. */
  #append(
    op: string,
    own: readonly OpAttribute[],
    like: Handle,
    inputs: readonly Handle[],
    groupSize: number,
    groupKey: number,
    instance: number,
    further: readonly Handle[] = [],
  ): Handle {
    const { recorder, unrecorded, group, keyBase } = this.#options;
    const number = (value: number): Handle => recorder.constant([value], [], DataTypeCode.Int32);
    const instanceKey = recorder.execute1('AddV2', NO_ATTRIBUTES, [keyBase, number(instance)]);
    const result = unrecorded.execute1('Identity', NO_ATTRIBUTES, [like]);
    recorder.append(
      op,
      attributes(
        ...own,
        string('communication_hint', group.options.implementation),
        float('timeout_seconds', NO_TIMEOUT),
      ),
      [...inputs, number(groupSize), number(groupKey), instanceKey, ...further],
      [result],
    );
    this.#written.set(result, { instance, tensors: this.#carried });
    instanceKey.dispose();
    return result;
  }
}
