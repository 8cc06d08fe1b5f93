/** Explains errors of the file system in plain words. Pure. */
import { ErrorCode } from './error-code.js';
import { MirrorscopeError } from './mirrorscope-error.js';

/**
 * Turns an error of the file system into one with a plain message.
 *
 * @param action - What failed.
 * @param cause - The error of the system call. An error that already has a plain message is returned as it is.
 * @returns The error, to be thrown.
 */
export function fileAccessError(action: 'read' | 'written', cause: unknown): MirrorscopeError {
  if (cause instanceof MirrorscopeError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why = SYSTEM_ERRORS.get(code) ?? (cause instanceof Error ? cause.message : String(cause));
  return new MirrorscopeError(ErrorCode.FileAccess, `The file could not be ${action}: ${why}.`, { cause });
}

const SYSTEM_ERRORS: ReadonlyMap<unknown, string> = new Map([
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
