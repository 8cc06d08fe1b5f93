/** Thrown while a step is recorded when it does what a recording cannot hold. Caught by the tracer, never by users. */
export class UntraceableError extends Error {
  override readonly name = 'UntraceableError';
  /** What was called, e.g. `dataSync`. */
  readonly operation: string;

  constructor(operation: string, reason = 'reads a value on the host, which differs from step to step') {
    super(`${operation} ${reason}`);
    this.operation = operation;
  }
}

/** Thrown instead of recording a call when too many others are in use. Another time the same call may be recorded. */
export class TraceCacheFullError extends UntraceableError {
  /** @param most - How many recordings are kept. */
  constructor(most: number) {
    super(
      'it',
      `needs more than ${String(most)} recordings in turn, one for each shape of its tensors and each number or text among its arguments`,
    );
  }
}
