/** What a step that failed on some replicas is reported as. Pure. */
import type { ReplicaDevice } from './replica-device.js';
import type { TimedOut } from './watchdog/watched-cancellation.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { waitInWords } from './watchdog/watched-step.js';

/** A step, in the words of its errors. */
export interface StepDescription {
  /** `train`, `test`, … */
  readonly name: string;
  readonly places: readonly ReplicaDevice[];
}

/** What one replica's function ended with. */
export interface ReplicaFailure {
  readonly replica: number;
  readonly error: Error;
}

/**
 * The one error of a step that failed. A replica whose peer failed reports that it was cancelled; the cause is more worth telling.
 * @param timedOut - Why the watchdog cancelled the step, where it did.
 */
export function stepError(
  step: StepDescription,
  failures: readonly ReplicaFailure[],
  timedOut: TimedOut | undefined,
): MirrorscopeError {
  const cause = failures.find(({ error }) => !isEndedByOthers(error));
  const { replica, error } = cause ?? (failures[0] as ReplicaFailure);
  if (cause === undefined && timedOut !== undefined) {
    return new MirrorscopeError(
      ErrorCode.CollectiveTimeout,
      waitInWords(timedOut.step, timedOut.wait, timedOut.timeoutSeconds),
      { cause: error },
    );
  }
  const device = step.places[replica]?.device.name ?? '';
  return new MirrorscopeError(
    ErrorCode.ReplicaFailed,
    `A step failed on replica ${String(replica)} (${device}): ${error.message}`,
    {
      cause: error,
      hint: 'The weights are what they were before the step, and training may go on. runEagerly: true finds the operation that fails and its stack.',
    },
  );
}

/** Whether an error says no more than that another replica, or the watchdog, ended the function. */
function isEndedByOthers({ message }: Error): boolean {
  // The names of functions are the program's own words.
  const [first = ''] = message.replaceAll(/\{\{function_node [^}]*\}\}/g, '').split('\n');
  return /abort|cancel|Collective/i.test(first);
}
