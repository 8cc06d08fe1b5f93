/**
 * The one error class of the package. Every layer may use it; it depends on no other layer.
 */
import type { ErrorCode } from './error-code.js';

import { ERROR_HINTS } from './error-hints-table.js';

/** Options of {@link MirrorscopeError}. */
export interface MirrorscopeErrorOptions {
  /** Replaces the general hint of the code where something more exact can be said. */
  readonly hint?: string | undefined;
  /** The error that this one reports. */
  readonly cause?: unknown;
}

/**
 * An error that says what went wrong in the user's words, what to do next and where to read more.
 *
 * `code` is stable across versions; `message` is for people and may change.
 */
export class MirrorscopeError extends Error {
  override readonly name = 'MirrorscopeError';
  readonly code: ErrorCode;
  readonly hint: string;
  /** The section of docs/errors.md about this code. */
  readonly docs: string;

  constructor(code: ErrorCode, message: string, options: MirrorscopeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERROR_HINTS.get(code) ?? '';
    this.docs = `docs/errors.md#${code.toLowerCase().replaceAll('_', '-')}`;
  }
}
