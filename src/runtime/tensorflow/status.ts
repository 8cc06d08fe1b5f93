/**
 * A `TF_Status` that every call of one owner shares, and how its errors become ours.
 * May touch: the C API.
 */
import type { CApi } from './c-api.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { withoutSummary } from './root-errors.js';

/** `TF_Code` of tensorflow/c/tf_status.h. */
export enum StatusCode {
  Ok = 0,
  Cancelled = 1,
  Unknown = 2,
  InvalidArgument = 3,
  DeadlineExceeded = 4,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Aborted = 10,
  OutOfRange = 11,
  Unimplemented = 12,
  Internal = 13,
  Unavailable = 14,
  DataLoss = 15,
  Unauthenticated = 16,
}

/** An error that TensorFlow reported: its own message, its code and the op that it came from. */
export class TensorFlowError extends MirrorscopeError {
  /** TensorFlow's code. */
  readonly status: StatusCode;
  /** The op or the C function that failed. */
  readonly operation: string;

  constructor(status: StatusCode, operation: string, message: string) {
    const name = StatusCode[status] ?? `code ${status}`;
    // The wrapper that TensorFlow puts around eager ops says nothing that `operation` does not.
    super(ErrorCode.TensorFlow, withoutSummary(message).replace(/^\{\{function_node __wrapped__[^}]*\}\} ?/, ''), {
      hint: `TensorFlow's op ${operation} failed with ${name}; check the shapes, types and values that it was given.`,
    });
    this.status = status;
    this.operation = operation;
  }
}

/** The codes of ops that were ended because another one failed. */
const ENDED_BY_OTHERS: ReadonlySet<StatusCode> = new Set([
  StatusCode.Cancelled,
  StatusCode.Aborted,
  StatusCode.DeadlineExceeded,
]);

/** Whether an asynchronous queue stopped at an op that failed or was ended; TensorFlow says so itself of those that failed. */
export function isQueueFailure(error: unknown): boolean {
  return (
    error instanceof TensorFlowError &&
    (ENDED_BY_OTHERS.has(error.status) || error.message.includes('cancels all future operations'))
  );
}

/** Owns one `TF_Status`. */
export class Status {
  readonly #api: CApi;
  readonly pointer: number;

  constructor(api: CApi) {
    this.#api = api;
    this.pointer = api.TF_NewStatus();
  }

  /** @throws TensorFlowError when the last call with this status failed. */
  check(operation: string): void {
    if (this.#api.TF_GetCode(this.pointer) !== 0) throw this.takeError(operation);
  }

  /** The error of the last call, or undefined; clears it. */
  takeErrorIfAny(operation: string): TensorFlowError | undefined {
    return this.#api.TF_GetCode(this.pointer) === 0 ? undefined : this.takeError(operation);
  }

  takeError(operation: string): TensorFlowError {
    const error = new TensorFlowError(
      this.#api.TF_GetCode(this.pointer),
      operation,
      this.#api.TF_Message(this.pointer),
    );
    this.#api.TF_SetStatus(this.pointer, 0, '');
    return error;
  }

  delete(): void {
    this.#api.TF_DeleteStatus(this.pointer);
  }
}
