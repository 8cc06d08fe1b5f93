/** Separates the arguments of a traced function into tensors, and the rest, which names the recording. Pure. */
import type { Tensor } from '@tensorflow/tfjs';

import { isTensor, mapStructure } from '../../distribute/nest.js';
import { DistributedValues, Mirrored, PerReplica } from '../../distribute/values.js';

/** Marks the position of a tensor that was taken out of a structure. */
class TensorPlaceholder {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** A structure in two parts. */
export interface SplitStructure {
  readonly tensors: readonly Tensor[];
  /** The structure with a {@link TensorPlaceholder} instead of each tensor. */
  readonly rest: unknown;
}

function mapLeaves(structure: unknown, change: (leaf: unknown) => unknown): unknown {
  return mapStructure(structure, (leaf) => {
    if (leaf instanceof Mirrored) return new Mirrored(leaf.values.map(change));
    if (leaf instanceof PerReplica) return new PerReplica(leaf.values.map(change));
    return change(leaf);
  });
}

/**
 * Takes the tensors out of a structure, also out of distributed values. Variables stay: the function reads their
 * current value.
 */
export function takeTensors(structure: unknown): SplitStructure {
  const tensors: Tensor[] = [];
  const rest = mapLeaves(structure, (leaf) =>
    isTensor(leaf) && !('assign' in (leaf as object)) ? new TensorPlaceholder(tensors.push(leaf as Tensor) - 1) : leaf,
  );
  return { tensors, rest };
}

/** Fills a structure with tensors, at the positions from which {@link takeTensors} took others. */
export function putTensors(rest: unknown, tensors: readonly Tensor[]): unknown {
  return mapLeaves(rest, (leaf) => (leaf instanceof TensorPlaceholder ? tensors[leaf.index] : leaf));
}

/** Names calls. Calls with the same name may run the same recording. */
export class CallNames {
  readonly #numbers = new WeakMap<object, number>();
  #next = 0;

  /**
   * Names a call by the element type and shape of tensors, the value of primitives, and the identity of everything
   * else.
   */
  nameOf({ tensors, rest }: SplitStructure): string {
    const signature = (leaf: TensorPlaceholder): string => {
      const { dtype, shape } = tensors[leaf.index] as Tensor;
      return `${dtype}[${shape.join(',')}]`;
    };
    const name = (value: unknown): string => {
      if (value instanceof TensorPlaceholder) return signature(value);
      if (value instanceof DistributedValues) return `${value.constructor.name}(${value.values.map(name).join(',')})`;
      if (Array.isArray(value)) return `[${value.map(name).join(',')}]`;
      if (typeof value === 'string') return JSON.stringify(value);
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
        return `${typeof value} ${String(value)}`;
      // mapStructure passes leaves to its callback, and descends into everything else.
      const isLeaf = mapStructure(value, () => value) === value;
      if (!isLeaf)
        return `{${Object.entries(value)
          .map(([key, item]) => `${JSON.stringify(key)}:${name(item)}`)
          .join(',')}}`;
      const number = this.#numbers.get(value) ?? ++this.#next;
      this.#numbers.set(value, number);
      return `@${number}`;
    };
    return name(rest);
  }
}
