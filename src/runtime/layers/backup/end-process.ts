/** Ends the process of a preempted worker: whoever started it starts it again when it exits with this code. */

/** "I saved my state; start me again": TensorFlow's code for a preempted worker. */
const PREEMPTED_EXIT_CODE = 42;

/** Ends this process. No operation may be running. */
export function endPreempted(): never {
  process.exit(PREEMPTED_EXIT_CODE);
}
