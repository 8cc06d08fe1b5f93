/** Reads source files: bytes for the prefilter, text for the engine. Writes none. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

import { decodeUtf8 } from '../codemods/edits/encoded-text.js';
import { fileAccessError } from '../errors/file-access-error.js';

/** Returns the bytes of a file. The buffer is valid until the next call. */
export type ByteReader = (absolutePath: string) => Buffer;

const INITIAL_CAPACITY = 1 << 20;

/**
 * Makes a reader that reuses one buffer. A scan reads each file once and skips most of them, so this saves one
 * allocation and one `fstat` per file.
 *
 * @returns The reader. It throws the errors of the file system.
 */
export function createByteReader(): ByteReader {
  let buffer = Buffer.allocUnsafe(INITIAL_CAPACITY);
  return (absolutePath) => {
    const descriptor = openSync(absolutePath, 'r');
    try {
      let length = 0;
      for (;;) {
        const read = readSync(descriptor, buffer, length, buffer.length - length, null);
        length += read;
        if (read === 0) return buffer.subarray(0, length);
        if (length === buffer.length) {
          const size = Math.max(buffer.length * 2, fstatSync(descriptor).size + 1);
          const larger = Buffer.allocUnsafe(size);
          buffer.copy(larger, 0, 0, length);
          buffer = larger;
        }
      }
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
    bytes = readFileSync(absolutePath);
  } catch (cause) {
    throw fileAccessError('read', cause);
  }
  return decodeUtf8(bytes, displayPath);
}
