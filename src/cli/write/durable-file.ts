/** Creates files that survive a power cut once the call returns. Writes files. */
import type { WriteFileSystem } from './write-file-system.js';
import type { Stats } from 'node:fs';

/**
 * Creates a file and waits until its bytes are on disk. Leaves nothing behind if that fails.
 *
 * @param file - Absolute path; must not exist.
 * @param bytes - The contents.
 * @param like - Whose mode and, where the system allows it, owner the file gets; otherwise only its owner can read it.
 * @param system - The file system.
 * @throws {Error} The error of the file system.
 */
export function createDurably(file: string, bytes: Buffer, like: Stats | undefined, system: WriteFileSystem): void {
  const descriptor = system.openSync(file, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += system.writeSync(descriptor, bytes, written);
    if (like !== undefined) {
      keepOwner(descriptor, like, system);
      system.fchmodSync(descriptor, like.mode & 0o7777);
    }
    system.fsyncSync(descriptor);
  } catch (error) {
    system.rmSync(file, { force: true });
    throw error;
  } finally {
    system.closeSync(descriptor);
  }
}

function keepOwner(descriptor: number, { uid, gid }: Stats, system: WriteFileSystem): void {
  if (process.getuid?.() === uid && process.getgid?.() === gid) return;
  try {
    system.fchownSync(descriptor, uid, gid);
  } catch {
    // Only a privileged user can change the owner of a file. Otherwise it belongs to the user who runs the tool.
  }
}

/** Makes the renames in a folder survive a power cut, on systems that can open a folder. */
export function syncDirectory(directory: string, system: WriteFileSystem): void {
  let descriptor: number;
  try {
    descriptor = system.openSync(directory, 'r');
  } catch {
    return;
  }
  try {
    system.fsyncSync(descriptor);
  } catch {
    // Not every file system supports this. The contents are already on disk.
  } finally {
    system.closeSync(descriptor);
  }
}
