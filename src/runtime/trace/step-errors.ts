/** Chooses the one error that reports a failed step. Pure. */
import type { ReplicaDevice } from './replica-device.js';
import type { TimedOut } from './watchdog/watched-cancellation.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { TensorFlowError } from '../tensorflow/status.js';
import { StatusCode } from '../tensorflow/status-code.js';

import { describeWait } from './watchdog/watched-step.js';

/** A step, as its errors describe it. */
export interface StepDescription {
  /** `train`, `test`, … */
  readonly name: string;
  readonly replicas: readonly ReplicaDevice[];
}

/** The error of one replica's function. */
export interface ReplicaFailure {
  readonly replica: number;
  readonly error: Error;
}

/**
 * Makes the error of a failed step. A replica whose peer failed reports only that it was cancelled, so the error of the
 * peer comes first.
 *
 * @param step - The step.
 * @param failures - What each failed replica reported; at least one.
 * @param timedOut - Why the watchdog cancelled the step, when it did.
 * @returns The error to throw.
 */
export function stepError(
  step: StepDescription,
  failures: readonly [ReplicaFailure, ...ReplicaFailure[]],
  timedOut: TimedOut | undefined,
): MirrorscopeError {
  const cause = failures.find(({ error }) => !isEndedByOthers(error));
  const { replica, error } = cause ?? failures[0];
  if (cause === undefined && timedOut !== undefined) {
    return new MirrorscopeError(
      ErrorCode.CollectiveTimeout,
      describeWait(timedOut.step, timedOut.wait, timedOut.timeoutSeconds),
      { cause: error },
    );
  }
  const device = step.replicas[replica]?.device.name ?? '';
  return new MirrorscopeError(
    ErrorCode.ReplicaFailed,
    `A step failed on replica ${String(replica)} (${device}): ${error.message}`,
    {
      cause: error,
      hint: 'The weights have their values from before the step, and training can continue. Set runEagerly: true to find the operation that fails and its stack.',
    },
  );
}

/**
 * Tells whether an error only says that another replica, or the watchdog, ended the function.
 *
 * @param error - What a function reported.
 * @returns True when the reason is elsewhere.
 */
export function isEndedByOthers({ message }: Error): boolean {
  // The names of functions come from the user's program, and may contain any word.
  const [first = ''] = message.replaceAll(/\{\{function_node [^}]*\}\}/g, '').split('\n');
  return /abort|cancel|Collective/i.test(first);
}

/**
 * Tells whether an error says that another process does not answer.
 *
 * @param error - What a function reported.
 * @returns True for the statuses with which TensorFlow reports it.
 */
export function isNetworkFailure(error: Error): boolean {
  return (
    error instanceof TensorFlowError &&
    [StatusCode.Unavailable, StatusCode.DeadlineExceeded, StatusCode.Aborted].includes(error.status)
  );
}
