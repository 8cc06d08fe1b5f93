/**
 * The part of HDF5 that a conversion needs, on top of h5wasm: open, create, and copy byte by byte. Reads and writes
 * files.
 */
import { closeSync, readSync } from 'node:fs';

import { type Attribute, Dataset, File, Group, type GuessableDataTypes, ready } from 'h5wasm/node';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';
import { openRegularFile } from '../files/regular-file.js';

import { checkSizes } from './check-sizes.js';
import { widenHalf } from './half-precision.js';

export { Dataset, Group };
export type Hdf5File = File;

/** The numbers of HDF5 for classes of types. */
const FLOAT = 1;
const STRING = 3;

const SIGNATURE = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The signature is at the start of the file, or after a user block of 512, 1024, … bytes. */
const MAX_USER_BLOCK = 1 << 20;

/**
 * Opens a file for reading, and checks what it claims to contain.
 *
 * @param path - The path of the file.
 * @returns The open file; the caller closes it.
 * @throws {MirrorscopeError} `FILE_ACCESS`, `NOT_HDF5`, or `WEIGHTS_LAYOUT` when the file claims too much.
 */
export async function openForReading(path: string): Promise<File> {
  await ready;
  const size = signedSize(path);
  if (size === undefined) throw new MirrorscopeError(ErrorCode.NotHdf5, `${path} is not an HDF5 file.`);
  const file = new File(path, 'r');
  if (file.file_id < 0n)
    throw new MirrorscopeError(ErrorCode.NotHdf5, `${path} cannot be read as HDF5. It may be incomplete.`);
  try {
    checkSizes(file, path, size);
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
}

/**
 * Creates a file, or empties an existing one. Uses the earliest format, which every version of h5py reads.
 *
 * @param path - The path of the file.
 * @returns The open file; the caller closes it.
 */
export async function createFile(path: string): Promise<File> {
  await ready;
  return new File(path, 'w', { libver: ['earliest', 'v110'] });
}

/** Returns the size of a file; undefined without the signature of HDF5. */
function signedSize(path: string): number | undefined {
  let opened;
  try {
    opened = openRegularFile(path, Infinity);
  } catch (cause) {
    if (cause instanceof MirrorscopeError) throw cause;
    throw new MirrorscopeError(ErrorCode.FileAccess, `${path} cannot be read.`, { cause });
  }
  const { descriptor, size } = opened;
  try {
    const bytes = Buffer.alloc(SIGNATURE.length);
    for (let offset = 0; offset <= MAX_USER_BLOCK; offset = offset === 0 ? 512 : offset * 2) {
      if (readSync(descriptor, bytes, 0, bytes.length, offset) < bytes.length) return undefined;
      if (bytes.equals(SIGNATURE)) return size;
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** The group at a path, or `undefined` when there is none. */
export function groupAt(parent: Group, path: string): Group | undefined {
  const found = parent.get(path);
  return found instanceof Group ? found : undefined;
}

/** The dataset at a path, or `undefined` when there is none. */
export function datasetAt(parent: Group, path: string): Dataset | undefined {
  const found = parent.get(path);
  return found instanceof Dataset ? found : undefined;
}

/** Creates the groups of a path that do not exist yet. Returns the last one. */
export function makeGroups(parent: Group, path: readonly string[]): Group {
  return path.reduce((group, part) => groupAt(group, part) ?? group.create_group(part), parent);
}

/** The values of a dataset as bytes, in the type that {@link copyDataset} writes. */
export async function valueBytes(dataset: Dataset): Promise<Uint8Array> {
  const module = await ready;
  const { size, total_size: count } = dataset.metadata;
  const length = size * count;
  const pointer = module._malloc(Math.max(length, 1));
  try {
    const status = module.get_dataset_data(dataset.file_id, dataset.path, null, null, null, BigInt(pointer));
    if (status < 0)
      throw new MirrorscopeError(ErrorCode.WeightsLayout, `The values of ${dataset.path} cannot be read.`, {
        hint: 'The file is damaged: restore it from a backup, or save it again.',
      });
    const bytes = module.HEAPU8.slice(pointer, pointer + length);
    return isHalf(dataset) ? widenHalf(bytes) : bytes;
  } finally {
    module._free(pointer);
  }
}

/** h5wasm cannot write numbers of two bytes, so they become numbers of four. Keras converts what it loads. */
function isHalf({ metadata }: Dataset): boolean {
  return metadata.type === FLOAT && metadata.size === 2;
}

/**
 * Copies a dataset with its type, shape and attributes. The copy is contiguous and not compressed.
 *
 * @param source - The dataset.
 * @param target - The group to copy it into.
 * @param path - The path of the copy below the group.
 * @throws {MirrorscopeError} `INTERNAL` when the copy does not exist afterwards.
 */
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

/** Copies attributes with their types, except the named ones. */
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

/** Keeps strings of fixed length, because old versions of Keras read nothing else. */
function attributeType({ metadata, dtype }: Attribute) {
  if (metadata.type !== STRING) return dtype;
  return metadata.vlen ? 'S' : `S${metadata.size}`;
}

/** Copies everything below a group, except the named children. */
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
