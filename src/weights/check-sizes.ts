/**
 * Compares what an HDF5 file claims to contain with its size, before anything is allocated: a few bytes can claim any
 * shape, compressed data can grow a thousandfold, and groups can contain each other. Reads the open file.
 */
import { Dataset, type File, Group } from 'h5wasm/node';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** Keras nests a few groups per nested model. */
const MAX_DEPTH = 64;
const MAX_OBJECTS = 200_000;
/** Below this, a file may claim anything: it fits into memory. */
const ALWAYS_ALLOWED = 256 << 20;
/** Compressed weights are a half to a tenth of their size, apart from constants. */
const MAX_EXPANSION = 16;

interface Claims {
  readonly path: string;
  readonly fileBytes: number;
  objects: number;
  bytes: number;
}

/**
 * Checks a file.
 *
 * @param file - The open file.
 * @param path - Its path, for messages.
 * @param fileBytes - Its size.
 * @throws {MirrorscopeError} `WEIGHTS_LAYOUT` when it claims much more than it can contain, or never ends.
 */
export function checkSizes(file: File, path: string, fileBytes: number): void {
  checkGroup(file, 0, { path, fileBytes, objects: 0, bytes: 0 });
}

function checkGroup(group: Group, depth: number, claims: Claims): void {
  if (depth > MAX_DEPTH) throw refusal(claims, 'nests its groups too deeply, or in a circle');
  for (const name of group.keys()) {
    if (++claims.objects > MAX_OBJECTS) throw refusal(claims, `contains more than ${MAX_OBJECTS} objects`);
    const child = group.get(name);
    if (child instanceof Group) checkGroup(child, depth + 1, claims);
    else if (child instanceof Dataset) claim(child, claims);
  }
}

/** Adds the bytes of a dataset. Attributes cannot claim more than the file has: they are never compressed. */
function claim({ metadata: { size, total_size: count } }: Dataset, claims: Claims): void {
  claims.bytes += size * count;
  const { bytes, fileBytes } = claims;
  if (bytes > Math.max(ALWAYS_ALLOWED, fileBytes * MAX_EXPANSION)) {
    throw refusal(claims, `claims to contain ${bytes} bytes or more, but has ${fileBytes}`);
  }
}

function refusal({ path }: Claims, problem: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.WeightsLayout, `${path} ${problem}.`, {
    hint: 'The file is damaged, or was made to exhaust the memory. If you trust it, write it again with h5py and without compression.',
  });
}
