/** The one error class of the package. All layers can use it; it depends on none of them. */
import type { ErrorCode } from './error-code.js';

import { ERROR_HINTS } from './error-hints-table.js';

/** Options of {@link MirrorscopeError}. */
export interface MirrorscopeErrorOptions {
  /** Replaces the general hint of the code. */
  readonly hint?: string | undefined;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * An error that says in the user's words what went wrong, what to do next, and where to read more.
 *
 * `code` is stable across versions. `message` is for people and can change.
 *
 * @example
 * ```ts
 * try {
 *   await model.fit(x, y);
 * } catch (error) {
 *   if (error instanceof MirrorscopeError && error.code === ErrorCode.CollectiveTimeout) console.error(error.hint);
 *   throw error;
 * }
 * ```
 */
export class MirrorscopeError extends Error {
  /** The name of the class. */
  override readonly name = 'MirrorscopeError';
  /** The kind of failure. */
  readonly code: ErrorCode;
  /** What to do next, as one sentence or a few. */
  readonly hint: string;
  /** The section of docs/errors.md about this code. */
  readonly docs: string;

  /**
   * @param code - The kind of failure.
   * @param message - What went wrong, as one sentence or a few.
   * @param options - A more exact hint, and the cause.
   */
  constructor(code: ErrorCode, message: string, options: MirrorscopeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERROR_HINTS.get(code) ?? '';
    this.docs = `docs/errors.md#${code.toLowerCase().replaceAll('_', '-')}`;
  }
}
