/** The error for a text whose brackets, blocks or chains of calls are nested too deeply. Pure. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** Makes the error, to be thrown. */
export function nestedTooDeeply(cause?: unknown): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.TooLarge, 'The file is nested too deeply to be analyzed.', { cause });
}

/** Whether an error says that the stack is full. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
