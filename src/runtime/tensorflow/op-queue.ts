/** Queues of ops. Types only. */

/** A `TFE_Executor`. Ops of one queue run in order; ops of different queues run side by side. */
export interface OpQueue {
  readonly pointer: number;
  readonly isAsync: boolean;
}
