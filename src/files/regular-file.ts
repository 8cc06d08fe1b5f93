/**
 * Opens the files of a user's tree. Only regular files are opened, so that a named pipe or a device in a repository can
 * neither block the program nor feed it without end. Reads files; writes none.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** The largest source file that is read, in bytes. A notebook with many images stays below this. */
export const MAX_SOURCE_BYTES = 256 << 20;

/** The largest file of settings that is read, in bytes: ignore files, configurations and the like. */
export const MAX_SETTINGS_BYTES = 16 << 20;

/** Opening a pipe for reading waits for a writer unless this is set. Windows has neither the flag nor such pipes. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0);

/** An open regular file. */
export interface OpenFile {
  readonly descriptor: number;
  /** Its size when it was opened, in bytes. */
  readonly size: number;
}

/**
 * Opens a file for reading. A symbolic link is followed; what it leads to must be a regular file.
 *
 * @param path - Where the file is.
 * @param maxBytes - The largest size that is accepted.
 * @returns The open file. The caller closes it.
 * @throws {MirrorscopeError} `FILE_ACCESS` if it is not a regular file, or is larger.
 * @throws {Error} The error of the file system.
 */
export function openRegularFile(path: string, maxBytes: number): OpenFile {
  const descriptor = openSync(path, READ_WITHOUT_WAITING);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw notRegular(stats.isDirectory());
    if (stats.size > maxBytes) throw tooLarge(stats.size, maxBytes);
    return { descriptor, size: stats.size };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * Reads a whole file.
 *
 * @param path - Where the file is.
 * @param maxBytes - The largest size that is accepted.
 * @returns Its bytes.
 * @throws {MirrorscopeError} `FILE_ACCESS` if it is not a regular file, or is larger.
 * @throws {Error} The error of the file system.
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  const { descriptor, size } = openRegularFile(path, maxBytes);
  try {
    return readAll(descriptor, Buffer.allocUnsafe(size + 1), maxBytes);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads the rest of an open file. Files of `/proc` claim to be empty, and other programs may write to a file meanwhile,
 * so the size that was known before is only a first guess.
 *
 * @param descriptor - The open file.
 * @param buffer - Where to read to; a larger one is made when it is full.
 * @param maxBytes - The largest size that is accepted.
 * @returns The part of the buffer, or of a larger one, that was filled.
 * @throws {MirrorscopeError} `FILE_ACCESS` if there is more.
 * @throws {Error} The error of the file system.
 */
export function readAll(descriptor: number, buffer: Buffer, maxBytes: number): Buffer {
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    length += read;
    if (read === 0) return buffer.subarray(0, length);
    if (length > maxBytes) throw tooLarge(length, maxBytes);
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(buffer.length * 2);
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
  }
}

function notRegular(isDirectory: boolean): MirrorscopeError {
  const kind = isDirectory ? 'a directory' : 'a pipe, a socket or a device';
  return unreadable(`it is ${kind}, not a regular file`);
}

function tooLarge(size: number, maxBytes: number): MirrorscopeError {
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / (1 << 20))} MiB`;
  return unreadable(`it has ${mebibytes(size)}, and at most ${mebibytes(maxBytes)} are read`);
}

function unreadable(why: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.FileAccess, `The file could not be read: ${why}.`);
}
