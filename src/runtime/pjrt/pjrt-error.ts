/** Errors that a PJRT plugin reports, with the message of XLA. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** `PJRT_Error_Code`: the codes of absl. */
export enum PjrtStatus {
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

const HINTS: ReadonlyMap<PjrtStatus, string> = new Map([
  [
    PjrtStatus.ResourceExhausted,
    'The device has no memory left: use a smaller batch, a smaller model or more devices.',
  ],
  [PjrtStatus.Unimplemented, 'The plugin cannot do this. Another plugin, or the engine "tensorflow", may.'],
]);

function isKnownStatus(code: number): code is PjrtStatus {
  return code in PjrtStatus;
}

/** An error of XLA. */
export class PjrtError extends MirrorscopeError {
  /** The kind of error, as the plugin says. */
  readonly status: PjrtStatus;
  /** The function of the C API that failed. */
  readonly operation: string;

  /**
   * @param code - The kind of error. A plugin of a newer version can have codes that are not listed.
   * @param operation - The function that failed.
   * @param message - The plugin's message.
   */
  constructor(code: number, operation: string, message: string) {
    const status = isKnownStatus(code) ? code : PjrtStatus.Unknown;
    const name = isKnownStatus(code) ? PjrtStatus[code] : `code ${String(code)}`;
    super(ErrorCode.Xla, message, {
      hint: `${operation} of the PJRT plugin failed with ${name}. ${HINTS.get(status) ?? 'The message comes from XLA.'}`,
    });
    this.status = status;
    this.operation = operation;
  }
}
