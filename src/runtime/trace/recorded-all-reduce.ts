/** Writes the sums of many tensors over replicas into a recording, in few collectives. Touches the recorder. */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { GradientType } from './communication-options.js';
import type { HalfPrecision } from './half-precision-sum.js';
import type { CollectiveTensor } from './watchdog/watched-step.js';
import type { Tensor } from '@tensorflow/tfjs';

import { attributes, int, NO_ATTRIBUTES } from '../tensorflow/attributes.js';
import { DATA_TYPE_LAYOUTS, DataTypeCode } from '../tensorflow/data-types-table.js';

import {
  type CollectiveSummary,
  RecordedCollectives,
  type RecordedCollectivesOptions,
} from './recorded-collectives.js';

/** Adds up tensors over replicas. */
export interface AllReduce {
  /**
   * Adds up each tensor over the replicas. Every replica must pass the same shapes in the same order.
   *
   * @param tensors - This replica's values, floating-point, in the order of the forward pass.
   * @param names - What the tensors are, for error messages.
   * @param firstGradient - The tensors from this one on are gradients, which may travel in fewer bits. Default: none.
   * @returns The sums, in the same order.
   */
  sum(tensors: readonly Tensor[], names?: readonly string[], firstGradient?: number): Tensor[];
}

/** A tensor on its way into a pack. */
interface NamedTensor {
  readonly tensor: Tensor;
  readonly name: string;
}

/** The types of 16 bits in which gradients may travel. */
const HALF_PRECISION: ReadonlyMap<GradientType, HalfPrecision> = new Map([
  ['float16', DataTypeCode.Half],
  ['bfloat16', DataTypeCode.BFloat16],
]);

/** Adds up tensors over the replicas of a group, many in one collective. */
export class RecordedAllReduce implements AllReduce {
  readonly #backend: MirrorscopeBackend;
  readonly #options: RecordedCollectivesOptions;
  readonly #collectives: RecordedCollectives;

  constructor(backend: MirrorscopeBackend, options: RecordedCollectivesOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#collectives = new RecordedCollectives(options);
  }

  /** The collectives written so far. */
  get collectives(): CollectiveSummary {
    return this.#collectives;
  }

  sum(tensors: readonly Tensor[], names: readonly string[] = [], firstGradient = tensors.length): Tensor[] {
    const { group } = this.#options;
    const backend = this.#backend;
    if (group.size === 1) return [...tensors];
    const named = tensors.map((tensor, index): NamedTensor => ({ tensor, name: names[index] ?? '' }));
    const sums = new Map<NamedTensor, Tensor>();
    const half = group.transfers === undefined ? HALF_PRECISION.get(group.options.gradientType) : undefined;
    const inHalf = half === undefined ? [] : named.slice(firstGradient);
    const inFull = named.slice(0, named.length - inHalf.length);
    const packs = [
      ...packsOf(inHalf, group.options.bytesPerPack, half).map((pack) => ({ pack, half })),
      ...packsOf(inFull, group.options.bytesPerPack).map((pack) => ({ pack, half: undefined })),
    ];
    for (const { pack, half } of packs) {
      const handles = this.#reducePack(
        pack.map(({ tensor }) => backend.handleOf(tensor)),
        pack.map(({ tensor, name }) => ({ name, shape: tensor.shape })),
        half,
      );
      pack.forEach((each, index) => sums.set(each, backend.tensorOf(handles[index] as Handle)));
    }
    return named.map((each) => sums.get(each) as Tensor);
  }

  #reducePack(
    handles: readonly Handle[],
    tensors: readonly CollectiveTensor[],
    half: HalfPrecision | undefined,
  ): Handle[] {
    const { recorder } = this.#options;
    const [only] = handles;
    if (only !== undefined && handles.length === 1 && half === undefined) return [this.#collectives.sum(only, tensors)];
    const flat = handles.map((handle) =>
      recorder.execute1('Reshape', NO_ATTRIBUTES, [handle, recorder.constant([-1], [1], DataTypeCode.Int32)]),
    );
    const axis = recorder.constant([0], [], DataTypeCode.Int32);
    const [first] = flat;
    const joined =
      first !== undefined && flat.length === 1 ? first : recorder.execute1('ConcatV2', NO_ATTRIBUTES, [flat, axis]);
    const sum =
      half === undefined
        ? this.#collectives.sum(joined, tensors)
        : this.#collectives.sumInHalfPrecision(joined, half, tensors);
    const sizes = handles.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
    const parts = recorder.execute(
      'SplitV',
      attributes(int('num_split', sizes.length)),
      [sum, recorder.constant(sizes, [sizes.length], DataTypeCode.Int32), axis],
      sizes.length,
    );
    const results = parts.map((part, index) => {
      const shape = handles[index]?.shape ?? [];
      return recorder.execute1('Reshape', NO_ATTRIBUTES, [
        part,
        recorder.constant([...shape], [shape.length], DataTypeCode.Int32),
      ]);
    });
    for (const temporary of [...flat, joined, sum, ...parts]) temporary.dispose();
    return results;
  }
}

/**
 * Packs of one element type and at most `bytesPerPack` bytes (but at least one tensor each), the last tensors first.
 */
function packsOf(
  tensors: readonly NamedTensor[],
  bytesPerPack: number,
  dtype: DataTypeCode = DataTypeCode.Float,
): NamedTensor[][] {
  const packs: NamedTensor[][] = [];
  let bytes = 0;
  for (const named of tensors.toReversed()) {
    const { tensor } = named;
    const size = tensor.size * (DATA_TYPE_LAYOUTS.get(dtype)?.bytes ?? 4);
    const current = packs.at(-1);
    const fits =
      current !== undefined &&
      current[0]?.tensor.dtype === tensor.dtype &&
      (bytesPerPack === 0 || bytes + size <= bytesPerPack);
    if (fits) {
      current.push(named);
      bytes += size;
    } else {
      packs.push([named]);
      bytes = size;
    }
  }
  return packs;
}
