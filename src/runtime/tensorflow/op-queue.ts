/** A queue of ops. Types only. */

/** A `TFE_Executor`: ops of one queue run in order; of several, side by side. */
export interface OpQueue {
  readonly pointer: number;
  readonly isAsync: boolean;
}
