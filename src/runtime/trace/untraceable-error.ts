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
