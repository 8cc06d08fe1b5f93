/** A step that has started and is not known to have ended. Types only. */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { StepDescription } from './step-errors.js';
import type { StepPeers, WaitingCollective } from './step-peers.js';
import type { WatchedCancellation } from './watchdog/watched-cancellation.js';

/** One step in flight. */
export interface InFlightStep extends StepDescription {
  /** One result of each replica, in replica order; pinned until the step has ended. */
  readonly results: readonly TensorHandle[];
  /** Ends the step on every replica. Undefined when the replicas do not wait for each other. */
  readonly cancellation: Pick<WatchedCancellation, 'cancel' | 'delete' | 'timedOut'> | undefined;
  /** The other processes that run the step. */
  readonly peers?: StepPeers | undefined;
  /** The collective in which the replicas wait, or waited when the step ended. */
  waitsIn?(): WaitingCollective | undefined;
  /** Puts back what the step changed. */
  undo(): void;
  /** Releases what {@link undo} would have put back. */
  settle(): void;
}
