/** The errors that stop a recording. The engine catches them and runs the step eagerly; users never see them. */

/** The code does something that a recording cannot hold. */
export class UntraceableError extends Error {
  override readonly name: string = 'UntraceableError';
  /** What the code called, e.g. `dataSync`. */
  readonly operation: string;

  /**
   * @param operation - What the code called, e.g. `dataSync`.
   * @param reason - Why it cannot be recorded; follows the operation in the message.
   */
  constructor(operation: string, reason = 'reads a value on the host, which differs from step to step') {
    super(`${operation} ${reason}`);
    this.operation = operation;
  }
}

/** The step has too many traces in use. The same call may be traced later. */
export class TraceCacheFullError extends UntraceableError {
  /** @param maxTraces - How many traces are kept. */
  constructor(maxTraces: number) {
    super(
      'it',
      `needs more than ${String(maxTraces)} recordings in turn, one for each shape of its tensors and each number or text among its arguments`,
    );
  }
}
