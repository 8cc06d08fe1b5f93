/** Writes the sums of many tensors over replicas into a recording, in few collectives. */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { SentValue } from './warm-up-pairs.js';
import type { CollectiveTensor, ReplicaCollective } from './watchdog/watched-step.js';
import type { Tensor } from '@tensorflow/tfjs';

import { attributes, int, NO_ATTRIBUTES } from '../tensorflow/attributes.js';
import { DATA_TYPE_LAYOUTS, DataTypeCode } from '../tensorflow/data-types-table.js';

import { RecordedCollectives, type RecordedCollectivesOptions } from './recorded-collectives.js';

/** Adds up tensors over replicas. */
export interface AllReduce {
  /**
   * The sum of each tensor over the replicas; every replica asks for the same shapes in the same order.
   * @param names - What the tensors are, for errors.
   */
  sum(tensors: readonly Tensor[], names?: readonly string[]): Tensor[];
}

/** Adds up tensors over the replicas of a group. */
export class RecordedAllReduce implements AllReduce {
  readonly #backend: MirrorscopeBackend;
  readonly #options: RecordedCollectivesOptions;
  readonly #collectives: RecordedCollectives;

  constructor(backend: MirrorscopeBackend, options: RecordedCollectivesOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#collectives = new RecordedCollectives(options);
  }

  /** How many collectives were written: as many instance keys does a step take. */
  get collectives(): number {
    return this.#collectives.count;
  }

  /** Where replicas meet, in order: element type and shape of what is reduced there. */
  get meetings(): readonly string[] {
    return this.#collectives.meetings;
  }

  /** The values that every replica got alike. */
  get agreed(): ReadonlySet<Handle> {
    return this.#collectives.agreed;
  }

  /** This replica's collectives, by their results. */
  get written(): ReadonlyMap<Handle, Omit<ReplicaCollective, 'node'>> {
    return this.#collectives.written;
  }

  /** What this replica sends to others. */
  get sent(): readonly SentValue[] {
    return this.#collectives.sent;
  }

  /**
   * The sum of each tensor over the replicas, in few collectives. Every replica must ask for the same shapes in the same order.
   * @param tensors - In the order of the forward pass; floating-point.
   */
  sum(tensors: readonly Tensor[], names: readonly string[] = []): Tensor[] {
    const { group } = this.#options;
    const backend = this.#backend;
    if (group.size === 1) return [...tensors];
    const named = new Map(tensors.map((tensor, index) => [tensor, names[index] ?? '']));
    const reduced = new Map<Tensor, Tensor>();
    for (const pack of packs(tensors, group.options.bytesPerPack)) {
      const carried = pack.map((tensor): CollectiveTensor => ({ name: named.get(tensor) ?? '', shape: tensor.shape }));
      const handles = this.#reducePack(
        pack.map((tensor) => backend.handleOf(tensor)),
        carried,
      );
      pack.forEach((tensor, index) => reduced.set(tensor, backend.tensorOf(handles[index] as Handle)));
    }
    return tensors.map((tensor) => reduced.get(tensor) as Tensor);
  }

  #reducePack(handles: readonly Handle[], carried: readonly CollectiveTensor[]): Handle[] {
    const { recorder } = this.#options;
    const shapes = handles.map((handle) => handle.shape);
    const [only] = handles;
    if (only !== undefined && handles.length === 1) return [this.#collectives.sum(only, carried)];
    const flat = handles.map((handle) =>
      recorder.execute1('Reshape', NO_ATTRIBUTES, [handle, recorder.constant([-1], [1], DataTypeCode.Int32)]),
    );
    const axis = recorder.constant([0], [], DataTypeCode.Int32);
    const joined = recorder.execute1('ConcatV2', NO_ATTRIBUTES, [flat, axis]);
    const sum = this.#collectives.sum(joined, carried);
    const sizes = shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
    const parts = recorder.execute(
      'SplitV',
      attributes(int('num_split', sizes.length)),
      [sum, recorder.constant(sizes, [sizes.length], DataTypeCode.Int32), axis],
      sizes.length,
    );
    const results = parts.map((part, index) => {
      const shape = shapes[index] as readonly number[];
      return recorder.execute1('Reshape', NO_ATTRIBUTES, [
        part,
        recorder.constant([...shape], [shape.length], DataTypeCode.Int32),
      ]);
    });
    for (const temporary of [...flat, joined, sum, ...parts]) temporary.dispose();
    return results;
  }
}

/** Tensors in packs of one element type and at most `bytesPerPack` bytes (at least one tensor each), the last tensors first. */
function packs(tensors: readonly Tensor[], bytesPerPack: number): Tensor[][] {
  const made: Tensor[][] = [];
  let bytes = 0;
  for (const tensor of [...tensors].reverse()) {
    const size = tensor.size * (DATA_TYPE_LAYOUTS.get(DataTypeCode.Float)?.bytes ?? 4);
    const current = made.at(-1);
    const fits =
      current !== undefined &&
      current[0]?.dtype === tensor.dtype &&
      (bytesPerPack === 0 || bytes + size <= bytesPerPack);
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
