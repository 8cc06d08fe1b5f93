/** The bytes of a backup: a header in JSON, the values of tensors, and a checksum over both. Pure. */
import { createHash } from 'node:crypto';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

/** The values of one tensor on the host. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** What a backup holds. */
export interface BackupContent<Header> {
  /** JSON. */
  readonly header: Header;
  readonly tensors: readonly HostTensor[];
}

interface TensorEntry {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes: number;
}

const MAGIC = Buffer.from('MIRRORSCOPE-BACKUP-1\n');
const LENGTH_BYTES = 8;
const CHECKSUM_BYTES = 32;
const ALIGNMENT = 8;

/**
 * Writes a backup into bytes.
 *
 * @param content - What it holds.
 * @returns The bytes, in parts.
 */
export function encodeBackup<Header>({ header, tensors }: BackupContent<Header>): Buffer[] {
  const entries = tensors.map(({ shape, dtype, values }): TensorEntry => ({ shape, dtype, bytes: values.byteLength }));
  const json = Buffer.from(JSON.stringify({ header, tensors: entries }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(json.length));
  const parts: Buffer[] = [MAGIC, length, json];
  for (const { values } of tensors) {
    parts.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    parts.push(Buffer.alloc(padding(values.byteLength)));
  }
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return [...parts, hash.digest()];
}

/**
 * Reads a backup from bytes.
 *
 * @param bytes - All bytes of the file.
 * @returns What it holds.
 * @throws {MirrorscopeError} `BACKUP_UNUSABLE` when bytes are missing or were changed.
 */
export function decodeBackup<Header>(bytes: Buffer): BackupContent<Header> {
  const start = MAGIC.length + LENGTH_BYTES;
  if (bytes.length < start + CHECKSUM_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged();
  const content = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
  const checksum = createHash('sha256').update(content).digest();
  if (!checksum.equals(bytes.subarray(content.length))) throw damaged();
  const jsonLength = Number(bytes.readBigUInt64LE(MAGIC.length));
  const { header, tensors } = JSON.parse(bytes.toString('utf8', start, start + jsonLength)) as {
    header: Header;
    tensors: TensorEntry[];
  };
  let offset = start + jsonLength;
  return {
    header,
    tensors: tensors.map(({ shape, dtype, bytes: size }): HostTensor => {
      // A copy, since the values of a tensor must be aligned.
      const values = Uint8Array.prototype.slice.call(bytes, offset, offset + size);
      offset += size + padding(size);
      return { shape, dtype, values: typedValues(dtype, values) };
    }),
  };
}

function padding(size: number): number {
  return (ALIGNMENT - (size % ALIGNMENT)) % ALIGNMENT;
}

function typedValues(dtype: string, { buffer }: Uint8Array): HostTensor['values'] {
  if (dtype === 'float32') return new Float32Array(buffer);
  return dtype === 'int32' ? new Int32Array(buffer) : new Uint8Array(buffer);
}

function damaged(): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.BackupUnusable, 'The backup is damaged: its checksum is wrong.');
}
