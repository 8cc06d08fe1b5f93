/** Converts errors to results of files and back. Pure. */
import type { FileError, FileResult } from './result.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { isStackOverflow, nestedTooDeeply } from './nested-too-deeply.js';

/** Every error code, by its value. */
const ERROR_CODES = new Map<string, ErrorCode>(Object.values(ErrorCode).map((code) => [code, code]));

/**
 * Turns an error into the result of a file.
 *
 * @param path - The file, as reports show it.
 * @param error - The error. Anything other than a {@link MirrorscopeError} is a bug in mirrorscope and becomes
 *   `INTERNAL`.
 * @returns A result without changes.
 */
export function failedResult(path: string, error: unknown): FileResult {
  return { path, status: 'failed', findings: [], error: asFileError(path, error) };
}

function asFileError(path: string, error: unknown): FileError {
  const { code, message, hint } = asMirrorscopeError(path, error);
  return { code, message, hint };
}

function asMirrorscopeError(path: string, error: unknown): MirrorscopeError {
  if (error instanceof MirrorscopeError) return error;
  if (isStackOverflow(error)) return nestedTooDeeply(error);
  const message = error instanceof Error ? error.message : String(error);
  return new MirrorscopeError(ErrorCode.Internal, `${path}: ${message}`, { cause: error });
}

/**
 * Turns the error of a file back into an exception.
 *
 * @param error - The error of a result.
 * @returns An exception with the same code, message and hint.
 */
export function asException({ code, message, hint }: FileError): MirrorscopeError {
  const known = ERROR_CODES.get(code);
  return new MirrorscopeError(known ?? ErrorCode.Internal, message, { hint });
}
