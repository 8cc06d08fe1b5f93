/** Walks nested structures, as `tf.nest` does: arrays and plain objects with leaves. Pure. */
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { DistributedValues, Mirrored, PerReplica } from './values.js';

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Checks whether a value is a tensor of any loaded copy of TensorFlow.js. */
export function isTensor(value: unknown): boolean {
  return value !== null && typeof value === 'object' && 'dataId' in value && 'shape' in value && 'dtype' in value;
}

/** Replaces every leaf of a structure by `change(leaf)`. */
export function mapStructure(structure: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(structure)) return structure.map((item) => mapStructure(item, change));
  if (isPlainObject(structure)) {
    return Object.fromEntries(Object.entries(structure).map(([key, item]) => [key, mapStructure(item, change)]));
  }
  return change(structure);
}

/** Lists the leaves of a structure, in order. */
export function flattenStructure(structure: unknown): unknown[] {
  const leaves: unknown[] = [];
  mapStructure(structure, (leaf) => leaves.push(leaf));
  return leaves;
}

/** Replaces every tensor of a structure by `change(tensor)`, also inside distributed values. Other leaves stay. */
export function mapTensors(structure: unknown, change: (tensor: Tensor) => Tensor): unknown {
  const changeOne = (value: unknown): unknown => (isTensor(value) ? change(value as Tensor) : value);
  return mapStructure(structure, (leaf) => {
    if (leaf instanceof Mirrored) return new Mirrored(leaf.values.map(changeOne));
    if (leaf instanceof PerReplica) return new PerReplica(leaf.values.map(changeOne));
    return changeOne(leaf);
  });
}

/** Replaces every distributed value of a structure by the component of one replica. */
export function selectReplica(replicaId: number, structure: unknown): unknown {
  return mapStructure(structure, (leaf) => (leaf instanceof DistributedValues ? leaf.values[replicaId] : leaf));
}

function regroupLeaf(values: readonly unknown[]): unknown {
  const [first] = values;
  const alike = values.every((value) => value === first);
  if (alike && (first === undefined || first === null)) return first;
  // A variable is one for all replicas.
  if (alike && isTensor(first)) return 'assign' in (first as object) ? first : new Mirrored(values);
  return new PerReplica(values);
}

/**
 * Joins the structures of the replicas into one structure of distributed values.
 *
 * @param structures - One per replica, in replica order.
 * @returns The joined structure; with one replica, its own structure.
 * @throws {MirrorscopeError} `STRATEGY_MISUSE` when the structures differ in form.
 */
export function regroup(structures: readonly unknown[]): unknown {
  const [first] = structures;
  if (structures.length === 1) return first;
  if (Array.isArray(first)) {
    const lists = structures.filter((item): item is unknown[] => Array.isArray(item) && item.length === first.length);
    if (lists.length !== structures.length) throw differentForm();
    return first.map((_, index) => regroup(lists.map((list) => list[index])));
  }
  if (isPlainObject(first)) {
    const keys = Object.keys(first);
    const objects = structures.filter(isPlainObject);
    const sameKeys = objects.every(
      (item) => Object.keys(item).length === keys.length && keys.every((key) => key in item),
    );
    if (objects.length !== structures.length || !sameKeys) throw differentForm();
    return Object.fromEntries(keys.map((key) => [key, regroup(objects.map((item) => item[key]))]));
  }
  return regroupLeaf(structures);
}

function differentForm(): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.StrategyMisuse, 'The replicas returned values of different structure.', {
    hint: 'Return the same arrays and the same object keys from the function on every replica.',
  });
}
