/**
 * Writes all-reduces into a recording. While recording, one replica runs alone: a copy of its own tensor stands for the sum.
 * Source of the op: tensorflow/core/ops/collective_ops.cc (CollectiveReduceV2).
 */
import type { Tensor } from '@tensorflow/tfjs';

import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import { attributes, float, int, NO_ATTRIBUTES, string } from '../tensorflow/attributes.js';
import { DATA_TYPE_LAYOUTS, DataTypeCode } from '../tensorflow/data-types-table.js';
import type { Handle, OpExecutor } from '../tensorflow/op-executor.js';
import type { CommunicationOptions } from './communication-options.js';
import type { RecordingExecutor } from './recording-executor.js';

/** The replicas that reduce together, and how. */
export interface ReduceGroup {
  readonly size: number;
  /** Names the group; the same on every replica, another for every set of devices. */
  readonly key: number;
  readonly options: CommunicationOptions;
}

/** What one recording needs to write collectives. */
export interface RecordedAllReduceOptions {
  readonly backend: MirrorscopeBackend;
  readonly recorder: RecordingExecutor;
  /** Runs what is not recorded. */
  readonly unrecorded: OpExecutor;
  readonly group: ReduceGroup;
  /** An `int32` parameter of the function: the first of the step's instance keys. */
  readonly keyBase: Handle;
}

/** Adds up tensors over replicas. */
export interface AllReduce {
  /** The sum of each tensor over the replicas; every replica asks for the same shapes in the same order. */
  sum(tensors: readonly Tensor[]): Tensor[];
}

/** Adds up tensors over the replicas of a group. */
export class RecordedAllReduce implements AllReduce {
  readonly #options: RecordedAllReduceOptions;
  #collectives = 0;

  constructor(options: RecordedAllReduceOptions) {
    this.#options = options;
  }

  /** How many collectives were written: as many instance keys does a step take. */
  get collectives(): number {
    return this.#collectives;
  }

  /**
   * The sum of each tensor over the replicas, in few collectives. Every replica must ask for the same shapes in the same order.
   * @param tensors - In the order of the forward pass; floating-point.
   */
  sum(tensors: readonly Tensor[]): Tensor[] {
    const { backend, group } = this.#options;
    if (group.size === 1) return [...tensors];
    const reduced = new Map<Tensor, Tensor>();
    for (const pack of packs(tensors, group.options.bytesPerPack)) {
      const handles = this.#reducePack(pack.map((tensor) => backend.handleOf(tensor)));
      pack.forEach((tensor, index) => reduced.set(tensor, backend.tensorOf(handles[index] as Handle)));
    }
    return tensors.map((tensor) => reduced.get(tensor) as Tensor);
  }

  #reducePack(handles: readonly Handle[]): Handle[] {
    const { recorder } = this.#options;
    const shapes = handles.map((handle) => handle.shape);
    const [only] = handles;
    if (only !== undefined && handles.length === 1) return [this.#reduce(only)];
    const flat = handles.map((handle) => recorder.execute1('Reshape', NO_ATTRIBUTES, [handle, recorder.constant([-1], [1], DataTypeCode.Int32)]));
    const axis = recorder.constant([0], [], DataTypeCode.Int32);
    const joined = recorder.execute1('ConcatV2', NO_ATTRIBUTES, [flat, axis]);
    const sum = this.#reduce(joined);
    const sizes = shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
    const parts = recorder.execute(
      'SplitV',
      attributes(int('num_split', sizes.length)),
      [sum, recorder.constant(sizes, [sizes.length], DataTypeCode.Int32), axis],
      sizes.length,
    );
    const results = parts.map((part, index) => {
      const shape = shapes[index] as readonly number[];
      return recorder.execute1('Reshape', NO_ATTRIBUTES, [part, recorder.constant([...shape], [shape.length], DataTypeCode.Int32)]);
    });
    for (const temporary of [...flat, joined, sum, ...parts]) temporary.dispose();
    return results;
  }

  #reduce(handle: Handle): Handle {
    const { recorder, unrecorded, group, keyBase } = this.#options;
    const number = (value: number): Handle => recorder.constant([value], [], DataTypeCode.Int32);
    const instanceKey = recorder.execute1('AddV2', NO_ATTRIBUTES, [keyBase, number(this.#collectives++)]);
    const sum = unrecorded.execute1('Identity', NO_ATTRIBUTES, [handle]);
    recorder.append(
      'CollectiveReduceV2',
      attributes(
        string('merge_op', 'Add'),
        string('final_op', 'Id'),
        string('communication_hint', group.options.implementation),
        float('timeout_seconds', group.options.timeoutSeconds),
      ),
      [handle, number(group.size), number(group.key), instanceKey],
      [sum],
    );
    instanceKey.dispose();
    return sum;
  }
}

/** Tensors in packs of one element type and at most `bytesPerPack` bytes (at least one tensor each), the last tensors first. */
function packs(tensors: readonly Tensor[], bytesPerPack: number): Tensor[][] {
  const made: Tensor[][] = [];
  let bytes = 0;
  for (const tensor of [...tensors].reverse()) {
    const size = tensor.size * (DATA_TYPE_LAYOUTS.get(DataTypeCode.Float)?.bytes ?? 4);
    const current = made.at(-1);
    const fits = current !== undefined && current[0]?.dtype === tensor.dtype && (bytesPerPack === 0 || bytes + size <= bytesPerPack);
    if (fits) {
      current.push(tensor);
      bytes += size;
    } else {
      made.push([tensor]);
      bytes = size;
    }
  }
  return made;
}
