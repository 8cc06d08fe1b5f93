/**
 * How Keras stores weights in HDF5: one group per layer, in the order of the attribute `layer_names`; its weights in
 * the order of `weight_names`. Reads and writes those attributes.
 */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { type Group, groupAt } from './hdf5.js';

/** A layer in a file. */
export interface StoredLayer {
  readonly name: string;
  /** The names of its weights, such as `dense_1/kernel:0`, which are also their paths below the group of the layer. */
  readonly weights: readonly string[];
}

/**
 * The layer of a model that a weight belongs to: `dense` for `dense/kernel:0`, and for `model/dense/kernel`, which
 * newer versions of Keras write.
 */
export function ownerOf(weight: string, model: string): string {
  const [first = weight, second, ...rest] = weight.split('/');
  return first === model && second !== undefined && rest.length > 0 ? second : first;
}

/** One HDF5 attribute cannot be larger. Keras splits longer lists into `name0`, `name1`, … */
const MAX_ATTRIBUTE_BYTES = 64_512;

/**
 * Reads the layers below a group.
 *
 * @param group - The group.
 * @returns The layers, or `undefined` when the group contains no Keras weights.
 * @throws {MirrorscopeError} `WEIGHTS_LAYOUT` when a layer has no group.
 */
export function readLayers(group: Group): StoredLayer[] | undefined {
  const names = readNames(group, 'layer_names');
  return names?.map((name) => {
    const layer = groupAt(group, name);
    if (layer === undefined)
      throw new MirrorscopeError(
        ErrorCode.WeightsLayout,
        `The file lists the layer ${name}, but contains no group for it.`,
      );
    return { name, weights: readNames(layer, 'weight_names') ?? [] };
  });
}

/** Reads a list of names, which can be split. */
function readNames(group: Group, attribute: string): string[] | undefined {
  const attributes = new Map(Object.entries(group.attrs));
  const whole = attributes.get(attribute);
  if (whole !== undefined) return texts(whole.value);
  if (!attributes.has(`${attribute}0`)) return undefined;
  const names: string[] = [];
  for (let index = 0; attributes.has(`${attribute}${index}`); index++)
    names.push(...texts(attributes.get(`${attribute}${index}`)?.value));
  return names;
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Writes a list of names as Keras does: as strings of fixed length, which every version of Keras reads. */
export function writeNames(group: Group, attribute: string, names: readonly string[]): void {
  if (names.length === 0) {
    group.create_attribute(attribute, new Float64Array(0), [0], '<d');
    return;
  }
  const width = Math.max(...names.map((name) => Buffer.byteLength(name)));
  const maxNames = Math.max(1, Math.floor(MAX_ATTRIBUTE_BYTES / width));
  const write = (name: string, part: readonly string[]): void => {
    group.create_attribute(name, [...part], [part.length], `S${width}`);
  };
  if (names.length <= maxNames) {
    write(attribute, names);
    return;
  }
  for (let start = 0, index = 0; start < names.length; start += maxNames, index++)
    write(`${attribute}${index}`, names.slice(start, start + maxNames));
}
