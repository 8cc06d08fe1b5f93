/** Reads source files: bytes for the prefilter, text for the engine. Writes none. */
import { closeSync } from 'node:fs';

import { decodeUtf8 } from '../codemods/edits/encoded-text.js';
import { fileAccessError } from '../errors/file-access-error.js';
import { MAX_SOURCE_BYTES, openRegularFile, readAll, readRegularFile } from '../files/regular-file.js';

/** Returns the bytes of a file. The buffer is valid until the next call. */
export type ByteReader = (absolutePath: string) => Buffer;

const INITIAL_CAPACITY = 1 << 20;

/**
 * Makes a reader that reuses one buffer. A scan reads each file once and skips most of them, so this saves one
 * allocation per file.
 *
 * @returns The reader. It throws the errors of the file system, and `FILE_ACCESS` for what is no regular file or is too
 *   large.
 */
export function createByteReader(): ByteReader {
  let buffer = Buffer.allocUnsafe(INITIAL_CAPACITY);
  return (absolutePath) => {
    const { descriptor, size } = openRegularFile(absolutePath, MAX_SOURCE_BYTES);
    try {
      if (size >= buffer.length) buffer = Buffer.allocUnsafe(size * 2);
      return readAll(descriptor, buffer, MAX_SOURCE_BYTES);
    } finally {
      closeSync(descriptor);
    }
  };
}

/**
 * Reads a source file as text. A byte-order mark stays as the first character.
 *
 * @param absolutePath - Where the file is.
 * @param displayPath - Its name in messages.
 * @returns The text.
 * @throws {MirrorscopeError} `FILE_ACCESS` or `ENCODING`.
 */
export function readSource(absolutePath: string, displayPath: string): string {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(absolutePath, MAX_SOURCE_BYTES);
  } catch (cause) {
    throw fileAccessError('read', cause);
  }
  return decodeUtf8(bytes, displayPath);
}
