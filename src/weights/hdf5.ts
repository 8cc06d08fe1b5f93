/** The few things that a conversion needs of HDF5, over h5wasm: open, create, copy byte for byte. */
import { closeSync, openSync, readSync } from 'node:fs';

import { type Attribute, Dataset, File, Group, type GuessableDataTypes, ready } from 'h5wasm/node';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { widenHalf } from './half-precision.js';

export { Dataset, Group };
export type Hdf5File = File;

/** HDF5's numbers for classes of types. */
const FLOAT = 1;
const STRING = 3;

const SIGNATURE = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The signature stands at the start, or after a user block of 512, 1024, … bytes. */
const LARGEST_USER_BLOCK = 1 << 20;

/** @throws MirrorscopeError `FILE_ACCESS`, or `NOT_HDF5` */
export async function openForReading(path: string): Promise<File> {
  await ready;
  if (!hasSignature(path)) throw new MirrorscopeError(ErrorCode.NotHdf5, `${path} is not an HDF5 file.`);
  const file = new File(path, 'r');
  if (file.file_id < 0n)
    throw new MirrorscopeError(ErrorCode.NotHdf5, `${path} cannot be read as HDF5; it may be cut off.`);
  return file;
}

/** Creates or empties a file. In the form of the earliest library, which every h5py reads. */
export async function createFile(path: string): Promise<File> {
  await ready;
  return new File(path, 'w', { libver: ['earliest', 'v110'] });
}

function hasSignature(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw new MirrorscopeError(ErrorCode.FileAccess, `${path} cannot be read.`, { cause });
  }
  try {
    const bytes = Buffer.alloc(SIGNATURE.length);
    for (let offset = 0; offset <= LARGEST_USER_BLOCK; offset = offset === 0 ? 512 : offset * 2) {
      if (readSync(descriptor, bytes, 0, bytes.length, offset) < bytes.length) return false;
      if (bytes.equals(SIGNATURE)) return true;
    }
    return false;
  } finally {
    closeSync(descriptor);
  }
}

/** The group at a path, or `undefined`. */
export function groupAt(parent: Group, path: string): Group | undefined {
  const found = parent.get(path);
  return found instanceof Group ? found : undefined;
}

/** The dataset at a path, or `undefined`. */
export function datasetAt(parent: Group, path: string): Dataset | undefined {
  const found = parent.get(path);
  return found instanceof Dataset ? found : undefined;
}

/** Makes every group of a path; returns the last. */
export function makeGroups(parent: Group, path: readonly string[]): Group {
  return path.reduce((group, part) => groupAt(group, part) ?? group.create_group(part), parent);
}

/** The values of a dataset as bytes, in the type in which {@link copyDataset} writes them. */
export async function valueBytes(dataset: Dataset): Promise<Uint8Array> {
  const module = await ready;
  const { size, total_size: count } = dataset.metadata;
  const length = size * count;
  const pointer = module._malloc(Math.max(length, 1));
  try {
    module.get_dataset_data(dataset.file_id, dataset.path, null, null, null, BigInt(pointer));
    const bytes = module.HEAPU8.slice(pointer, pointer + length);
    return isHalf(dataset) ? widenHalf(bytes) : bytes;
  } finally {
    module._free(pointer);
  }
}

/** The library cannot write numbers of two bytes; Keras casts what it loads. */
function isHalf({ metadata }: Dataset): boolean {
  return metadata.type === FLOAT && metadata.size === 2;
}

/** Copies a dataset with its type, shape and attributes; storage is contiguous and not compressed. */
export async function copyDataset(source: Dataset, target: Group, path: string): Promise<void> {
  const parts = path.split('/');
  const name = parts.at(-1) ?? path;
  const parent = makeGroups(target, parts.slice(0, -1));
  if (source.metadata.vlen || source.metadata.shape === null) {
    parent.create_dataset({ name, data: source.value as GuessableDataTypes, shape: source.metadata.shape, dtype: 'S' });
  } else {
    await copyValues(source, parent, name);
  }
  const copied = datasetAt(parent, name);
  if (copied === undefined) throw new MirrorscopeError(ErrorCode.Internal, `${source.path} could not be copied.`);
  copyAttributes(source, copied);
}

async function copyValues(source: Dataset, parent: Group, name: string): Promise<void> {
  const module = await ready;
  const shape = (source.metadata.shape ?? []).map(BigInt);
  const bytes = await valueBytes(source);
  const pointer = module._malloc(Math.max(bytes.length, 1));
  try {
    module.HEAPU8.set(bytes, pointer);
    const type = { ...source.metadata, ...(isHalf(source) && { size: 4 }) };
    const storage = { shape, maxshape: shape, chunks: null, compression: 0, compression_opts: [], track_order: false };
    module.create_dataset(parent.file_id, `${parent.path.replace(/\/$/, '')}/${name}`, BigInt(pointer), {
      ...type,
      ...storage,
    });
  } finally {
    module._free(pointer);
  }
}

/** Copies attributes with their types, except those that are named. */
export function copyAttributes(
  source: Group | Dataset,
  target: Group | Dataset,
  except: ReadonlySet<string> = new Set(),
): void {
  for (const [name, attribute] of Object.entries(source.attrs)) {
    if (!except.has(name)) copyAttribute(attribute, target, name);
  }
}

function copyAttribute(attribute: Attribute, target: Group | Dataset, name: string): void {
  if (attribute.shape === null || attribute.value === null) return;
  target.create_attribute(name, attribute.value as GuessableDataTypes, attribute.shape, attributeType(attribute));
}

/** Strings of fixed length stay so: the Keras of the time reads nothing else. */
function attributeType({ metadata, dtype }: Attribute) {
  if (metadata.type !== STRING) return dtype;
  return metadata.vlen ? 'S' : `S${metadata.size}`;
}

/** Copies everything below a group, except the children that are named. */
export async function copyGroup(source: Group, target: Group, except: ReadonlySet<string> = new Set()): Promise<void> {
  for (const name of source.keys()) {
    if (except.has(name)) continue;
    const child = source.get(name);
    if (child instanceof Group) {
      const copy = target.create_group(name);
      copyAttributes(child, copy);
      await copyGroup(child, copy);
    } else if (child instanceof Dataset) {
      await copyDataset(child, target, name);
    }
  }
}
