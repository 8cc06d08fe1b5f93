/**
 * Reading source files: bytes for the pre-filter, text for the engine. Reads only.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

import { decodeUtf8 } from '../codemods/edits/encoded-text.js';
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** Returns a file's bytes; the buffer is only valid until the next call. */
export type ByteReader = (absolutePath: string) => Buffer;

const INITIAL_CAPACITY = 1 << 20;

/**
 * A reader that reuses one buffer, because a scan looks at each file once and drops most of them:
 * no allocation and no `fstat` a file.
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
 * Reads a source file as text, its byte-order mark kept as the first character.
 * `shownPath` is its name in messages.
 *
 * @throws MirrorscopeError `FILE_ACCESS` or `ENCODING`.
 */
export function readSource(absolutePath: string, shownPath: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(absolutePath);
  } catch (cause) {
    throw fileAccessError('read', cause);
  }
  return decodeUtf8(bytes, shownPath);
}

/** Turns an error of the file system into ours, in words instead of a system call's name. */
export function fileAccessError(action: 'read' | 'written', cause: unknown): MirrorscopeError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const why = FILE_SYSTEM_ERRORS.get(code ?? '') ?? (cause instanceof Error ? cause.message : String(cause));
  return new MirrorscopeError(ErrorCode.FileAccess, `The file could not be ${action}: ${why}.`, { cause });
}

const FILE_SYSTEM_ERRORS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['ENOENT', 'it does not exist'],
  ['EISDIR', 'it is a directory'],
  ['ENOSPC', 'no space left on the device'],
  ['EROFS', 'the file system is read-only'],
  ['ELOOP', 'too many symbolic links'],
  ['EMFILE', 'too many open files'],
  ['ERR_STRING_TOO_LONG', 'it is too large'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is too large'],
]);
