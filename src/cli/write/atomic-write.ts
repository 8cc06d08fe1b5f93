/**
 * Writes new texts over files so that a file is always either old or new, whatever kills the
 * process, and so that files that change together change all or none. Writes files.
 */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { fileAccessError } from '../../scan/read-file.js';

import { temporaryFileBeside } from './temporary-file.js';

/** One file's new text. Texts hold their byte-order mark, if they have one. */
export interface FileWrite {
  readonly absolutePath: string;
  /** The text that the new one was made from. */
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
 * Writes all files or none: every new text is on disk under a temporary name before the first
 * file is replaced, and a failure half-way puts back the ones that were.
 *
 * A symbolic link stays a link; its target is written. Mode and, where allowed, owner are kept.
 *
 * @param replace puts a temporary file in the place of its target
 * @throws MirrorscopeError `FILE_ACCESS` when a file cannot be written or is not what it was.
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
    for (const write of replaced) putBack(write);
    throw error instanceof MirrorscopeError ? error : fileAccessError('written', error);
  }
  for (const directory of new Set(prepared.map((write) => path.dirname(write.target)))) syncDirectory(directory);
}

function prepare(write: FileWrite): PreparedWrite {
  const target = realpathSync(write.absolutePath);
  // Renaming would replace a read-only file; the owner said not to.
  accessSync(target, constants.W_OK);
  const original = Buffer.from(write.original, 'utf8');
  if (!readFileSync(target).equals(original)) {
    throw new MirrorscopeError(
      ErrorCode.FileAccess,
      'The file changed while it was being migrated; it was left as it is now.',
      {
        hint: 'Run again when nothing else writes to it.',
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
    // Only a privileged user may give files away; the file then belongs to who ran the tool.
  }
}

function putBack({ target, original, stats }: PreparedWrite): void {
  const temporary = temporaryFileBeside(target);
  writeDurably(temporary, original, stats);
  renameSync(temporary, target);
}

/** Makes the renames survive a power cut, where the system lets a directory be opened. */
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
    // Not every file system supports it; the content itself was synced before.
  } finally {
    closeSync(descriptor);
  }
}
