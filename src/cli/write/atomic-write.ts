/**
 * Replaces the texts of files atomically: whenever the process is killed, each file has either its old or its new text.
 * Files that belong together are replaced together or not at all. Writes files.
 */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { fileAccessError } from '../../errors/file-access-error.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { MAX_SOURCE_BYTES, readRegularFile } from '../../files/regular-file.js';

import { temporaryFileBeside } from './temporary-file.js';

/** The new text of one file. Both texts contain their byte-order mark, if they have one. */
export interface FileWrite {
  readonly absolutePath: string;
  /** The text that was migrated. */
  readonly original: string;
  readonly output: string;
}

interface PreparedWrite {
  readonly target: string;
  readonly temporary: string;
  readonly original: Buffer;
  readonly stats: Stats;
}

/**
 * Writes all files or none. Every new text is on disk under a temporary name before the first file is replaced, and a
 * failure in between restores the files that were replaced.
 *
 * A symbolic link stays a link: its target is written. The mode stays, and the owner where the system allows it.
 *
 * @param writes - The files.
 * @param replace - Replaces a file with its temporary file; tests pass one that fails.
 * @throws {MirrorscopeError} `FILE_ACCESS` when a file cannot be written, or changed since it was migrated.
 */
export function writeTogether(writes: readonly FileWrite[], replace: typeof renameSync = renameSync): void {
  const prepared: PreparedWrite[] = [];
  const replaced: PreparedWrite[] = [];
  try {
    for (const write of writes) prepared.push(prepare(write));
    for (const write of prepared) {
      replace(write.temporary, write.target);
      replaced.push(write);
    }
  } catch (error) {
    for (const write of prepared) rmSync(write.temporary, { force: true });
    for (const write of replaced) restore(write);
    throw error instanceof MirrorscopeError ? error : fileAccessError('written', error);
  }
  for (const directory of new Set(prepared.map((write) => path.dirname(write.target)))) syncDirectory(directory);
}

function prepare(write: FileWrite): PreparedWrite {
  const target = realpathSync(write.absolutePath);
  // Renaming would also replace a read-only file, which its owner does not want.
  accessSync(target, constants.W_OK);
  const original = Buffer.from(write.original, 'utf8');
  if (!readRegularFile(target, MAX_SOURCE_BYTES).equals(original)) {
    throw new MirrorscopeError(
      ErrorCode.FileAccess,
      'The file changed while it was being migrated, so it was not written.',
      {
        hint: 'Run again when no other program writes to the file.',
      },
    );
  }
  const stats = statSync(target);
  const temporary = temporaryFileBeside(target);
  writeDurably(temporary, Buffer.from(write.output, 'utf8'), stats);
  return { target, temporary, original, stats };
}

function writeDurably(file: string, bytes: Buffer, { mode, uid, gid }: Stats): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    keepOwner(descriptor, uid, gid);
    fchmodSync(descriptor, mode & 0o7777);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function keepOwner(descriptor: number, uid: number, gid: number): void {
  if (process.getuid?.() === uid && process.getgid?.() === gid) return;
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Only a privileged user can change the owner of a file. Otherwise it belongs to the user who runs the tool.
  }
}

function restore({ target, original, stats }: PreparedWrite): void {
  const temporary = temporaryFileBeside(target);
  writeDurably(temporary, original, stats);
  renameSync(temporary, target);
}

/** Makes the renames survive a power cut, on systems that can open a folder. */
function syncDirectory(directory: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(directory, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(descriptor);
  } catch {
    // Not every file system supports this. The contents are already on disk.
  } finally {
    closeSync(descriptor);
  }
}
