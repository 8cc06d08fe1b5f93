/** What a step that failed on some replicas is reported as. Pure. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import type { ReplicaPlace } from './replica-place.js';

/** A tensor that a collective carries. */
export interface CollectiveTensor {
  /** `loss`, `gradient of dense/kernel`, …; empty where the caller did not say. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** A step, in the words of its errors. */
export interface StepDescription {
  /** `train`, `test`, … */
  readonly name: string;
  readonly places: readonly ReplicaPlace[];
  readonly timeoutSeconds: number;
  /** What the collective of a node of a replica's function carries; undefined where the node is no collective. */
  carriedBy(replica: number, node: string): readonly CollectiveTensor[] | undefined;
}

/** What one replica's function ended with. */
export interface ReplicaFailure {
  readonly replica: number;
  readonly error: Error;
}

/** How many tensors of a collective are spelled out. */
const MOST_TENSORS = 8;

/** TensorFlow's words where a replica has waited for too long; those that it then aborts quote them behind others. */
const TIMED_OUT = /Collective has timed out/;
const ABORTED_BY_OTHERS = /aborted by: Collective has timed out/;

/** Whether a replica failed because a collective timed out, on it or on another. */
export function isTimeout({ error }: ReplicaFailure): boolean {
  return TIMED_OUT.test(error.message);
}

/** The one error of a step that failed. A replica whose peer failed reports that it was cancelled; the cause is more worth telling. */
export function stepError(step: StepDescription, failures: readonly ReplicaFailure[]): MirrorscopeError {
  const cause = failures.find(({ error }) => !/abort|cancel|Collective/i.test(error.message.split('\n')[0] ?? ''));
  if (cause === undefined && failures.some(isTimeout)) return timeoutError(step, failures);
  const { replica, error } = cause ?? (failures[0] as ReplicaFailure);
  return new MirrorscopeError(ErrorCode.ReplicaFailed, `A step failed on replica ${deviceOf(step, replica)}: ${error.message}`, {
    cause: error,
    hint: 'The weights are what they were before the step, and training may go on. runEagerly: true finds the operation that fails and its stack.',
  });
}

/** What every later step with a collective gets. */
export function collectivesEnded(timeout: Error): MirrorscopeError {
  return new MirrorscopeError(
    ErrorCode.CollectiveTimeout,
    'A collective timed out earlier in this process, and TensorFlow runs none after that. The process must be started anew.',
    { cause: timeout, hint: 'Save the weights (they are what they were before the step that timed out), start the process again and load them.' },
  );
}

function timeoutError(step: StepDescription, failures: readonly ReplicaFailure[]): MirrorscopeError {
  const waited = failures.filter((failure) => isTimeout(failure) && !ABORTED_BY_OTHERS.test(failure.error.message));
  const shown = waited[0] ?? (failures[0] as ReplicaFailure);
  const node = /\{\{node ([^}]+)\}\}/.exec(shown.error.message)?.[1] ?? '';
  const named = failures.map(({ replica }) => step.carriedBy(replica, node)).find((tensors) => tensors?.some(({ name }) => name !== ''));
  const carried = named ?? step.carriedBy(shown.replica, node) ?? [];
  return new MirrorscopeError(
    ErrorCode.CollectiveTimeout,
    `The ${step.name} step's collective ${node} of ${listed(carried)} waited for longer than ${String(step.timeoutSeconds)} s. ${attendance(step, failures, waited)}`,
    {
      cause: shown.error,
      hint:
        'The weights are what they were before the step. TensorFlow runs no collective in this process any more: save them and start anew. ' +
        'Where a replica is slow and not stuck, raise communicationOptions.timeoutSeconds.',
    },
  );
}

function listed(tensors: readonly CollectiveTensor[]): string {
  if (tensors.length === 0) return 'unknown tensors';
  const shown = tensors.slice(0, MOST_TENSORS).map(({ name, shape }) => `${name === '' ? 'a tensor' : name} [${shape.join(',')}]`);
  const more = tensors.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${String(more)} more`;
}

/** Which replicas came to the collective. Of one that TensorFlow ended because of another, it does not say. */
function attendance(step: StepDescription, failures: readonly ReplicaFailure[], waited: readonly ReplicaFailure[]): string {
  const arrived = waited.map(({ replica }) => replica);
  const failed = new Set(failures.map(({ replica }) => replica));
  const others = step.places.map((_, replica) => replica).filter((replica) => !arrived.includes(replica));
  // Where only one is left, it is the one that was waited for; so is one whose function ended well without it.
  const missing = others.filter((replica) => others.length === 1 || !failed.has(replica));
  const unknown = others.filter((replica) => !missing.includes(replica));
  const sentence = (words: string, replicas: readonly number[]): string[] =>
    replicas.length === 0 ? [] : [`${words}: ${replicas.map((replica) => deviceOf(step, replica)).join(', ')}.`];
  return [
    ...sentence('Arrived', arrived),
    ...sentence('Missing', missing),
    ...sentence(missing.length > 0 ? 'Ended with it' : 'At least one missing of', unknown),
  ].join(' ');
}

function deviceOf({ places }: StepDescription, replica: number): string {
  return `${String(replica)} (${places[replica]?.device.name ?? ''})`;
}
