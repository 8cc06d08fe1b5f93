/** Turns the status of a C call into an error of ours. Calls the C API. */
import type { CApi } from './c-api.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { withoutSummary } from './root-errors.js';
import { StatusCode } from './status-code.js';
import { ENDED_COLLECTIVES, ENDED_COLLECTIVES_HINT, OTHER_STATUS_HINT, STATUS_HINTS } from './status-hints-table.js';

/** An error that TensorFlow reported, with its own message. */
export class TensorFlowError extends MirrorscopeError {
  /** TensorFlow's error code. */
  readonly status: StatusCode;
  /** The op or the C function that failed. */
  readonly operation: string;

  constructor(status: StatusCode, operation: string, message: string) {
    // TensorFlow wraps an eager op in a function node, whose name only repeats `operation`.
    super(ErrorCode.TensorFlow, withoutSummary(message).replace(/^\{\{function_node __wrapped__[^}]*\}\} ?/, ''), {
      hint: `TensorFlow's ${operation} failed with ${StatusCode[status]}: ${hintFor(status, message)}`,
    });
    this.status = status;
    this.operation = operation;
  }
}

function hintFor(status: StatusCode, message: string): string {
  return message.includes(ENDED_COLLECTIVES) ? ENDED_COLLECTIVES_HINT : (STATUS_HINTS.get(status) ?? OTHER_STATUS_HINT);
}

/** Codes of ops that stopped because another op failed. */
const STOPPED_BY_OTHERS: ReadonlySet<StatusCode> = new Set([
  StatusCode.Cancelled,
  StatusCode.Aborted,
  StatusCode.DeadlineExceeded,
]);

/** Words with which TensorFlow reports an error again, for later ops. Their code is that of the first error. */
const REPEATED_ERRORS: readonly string[] = [
  'cancels all future operations',
  'The error could be from a previous operation',
];

/**
 * Tells whether an asynchronous queue stopped because an earlier op failed or was cancelled.
 *
 * @param error - An error of a later op or of a read.
 * @returns True when the error only follows from another one.
 */
export function isQueueFailure(error: unknown): boolean {
  return (
    error instanceof TensorFlowError &&
    (STOPPED_BY_OTHERS.has(error.status) || REPEATED_ERRORS.some((words) => error.message.includes(words)))
  );
}

/** One `TF_Status`, which all calls of its owner share. */
export class Status {
  readonly #api: CApi;
  readonly pointer: number;

  constructor(api: CApi) {
    this.#api = api;
    this.pointer = api.TF_NewStatus();
  }

  /**
   * Checks the last call.
   *
   * @param operation - The op or the C function that was called.
   * @throws {TensorFlowError} When it failed.
   */
  check(operation: string): void {
    if (this.#api.TF_GetCode(this.pointer) !== StatusCode.Ok) throw this.takeError(operation);
  }

  /**
   * Takes the error of the last call and clears it.
   *
   * @param operation - The op or the C function that was called.
   * @returns The error, or undefined when the call succeeded.
   */
  takeErrorIfAny(operation: string): TensorFlowError | undefined {
    return this.#api.TF_GetCode(this.pointer) === StatusCode.Ok ? undefined : this.takeError(operation);
  }

  /**
   * Takes the error of a call that failed, and clears it.
   *
   * @param operation - The op or the C function that was called.
   * @returns The error.
   */
  takeError(operation: string): TensorFlowError {
    const error = new TensorFlowError(
      this.#api.TF_GetCode(this.pointer),
      operation,
      this.#api.TF_Message(this.pointer),
    );
    this.#api.TF_SetStatus(this.pointer, StatusCode.Ok, '');
    return error;
  }

  delete(): void {
    this.#api.TF_DeleteStatus(this.pointer);
  }
}
