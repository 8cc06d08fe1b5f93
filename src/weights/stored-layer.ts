/**
 * How Keras stores weights in HDF5: a group a layer, its weights in the order of the attribute
 * `weight_names`, the layers in the order of `layer_names`. Reads and writes those attributes.
 */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { type Group, groupAt } from './hdf5.js';

/** A layer as it is stored. */
export interface StoredLayer {
  readonly name: string;
  /** Names of its weights, e.g. `dense_1/kernel:0`; also their paths below the layer's group. */
  readonly weights: readonly string[];
}

/**
 * The layer within `model` that a weight belongs to: `dense` for `dense/kernel:0`, and for
 * `model/dense/kernel`, as newer versions write it.
 */
export function ownerOf(weight: string, model: string): string {
  const [first = weight, second, ...rest] = weight.split('/');
  return first === model && second !== undefined && rest.length > 0 ? second : first;
}

/** What one HDF5 attribute can hold; Keras splits longer lists over `name0`, `name1`, … */
const LARGEST_ATTRIBUTE = 64_512;

/** The layers below a group, or `undefined` when the group is not one of Keras' weights. */
export function readLayers(group: Group): StoredLayer[] | undefined {
  const names = readNames(group, 'layer_names');
  return names?.map((name) => {
    const layer = groupAt(group, name);
    if (layer === undefined)
      throw new MirrorscopeError(
        ErrorCode.WeightsLayout,
        `The layer ${name} is listed, but the file holds no group for it.`,
      );
    return { name, weights: readNames(layer, 'weight_names') ?? [] };
  });
}

/** A list of names, which may be split. */
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

/** Writes a list of names as Keras does; strings of fixed length, which every version of it reads. */
export function writeNames(group: Group, attribute: string, names: readonly string[]): void {
  if (names.length === 0) {
    group.create_attribute(attribute, new Float64Array(0), [0], '<d');
    return;
  }
  const width = Math.max(...names.map((name) => Buffer.byteLength(name)));
  const most = Math.max(1, Math.floor(LARGEST_ATTRIBUTE / width));
  const write = (name: string, part: readonly string[]) =>
    group.create_attribute(name, [...part], [part.length], `S${width}`);
  if (names.length <= most) {
    write(attribute, names);
    return;
  }
  for (let start = 0, index = 0; start < names.length; start += most, index++)
    write(`${attribute}${index}`, names.slice(start, start + most));
}
