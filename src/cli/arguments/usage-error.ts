/** The error for a mistake on the command line. Pure. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/**
 * Makes the error for a mistake on the command line.
 *
 * @param message - What is wrong, as one sentence.
 * @param hint - What to do instead; when left out, the general hint to read the help.
 * @returns The error, to be thrown.
 */
export function usageError(message: string, hint?: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.Usage, message, { hint });
}
