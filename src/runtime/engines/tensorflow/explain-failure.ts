/** Words the one error of a step that failed in several processes. Pure. */
import type { ClusterTask } from '../../cluster/cluster-tasks.js';
import type { TensorFlowError } from '../../tensorflow/status.js';
import type { FailedStep, WaitingCollective } from '../../trace/step-peers.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { lossInWords } from '../../cluster/cluster.js';
import { describeTask, taskName } from '../../cluster/cluster-tasks.js';

/** Where a process was when its step failed, as it tells the others. */
export interface StepPosition {
  readonly step: string;
  readonly waiting: WaitingCollective | undefined;
  /** The error that began in this process. */
  readonly error: string | undefined;
  /** Set when the watchdog of this process ended the step. */
  readonly timeoutSeconds: number | undefined;
}

/** Everything that one process knows about a failed step. */
export interface KnownFailure {
  readonly step: FailedStep;
  readonly tasks: readonly ClusterTask[];
  readonly own: number;
  /** Why each process does not answer; undefined for those that do. */
  readonly health: readonly (TensorFlowError | undefined)[];
  /** Where each process was; undefined for those that did not say. */
  readonly positions: readonly (StepPosition | undefined)[];
}

/**
 * Describes where this process was, for the others.
 *
 * @param step - The step that failed.
 * @returns The position.
 */
export function positionOf({ name, waiting, own, timeoutSeconds }: FailedStep): StepPosition {
  return { step: name, waiting, error: own?.message, timeoutSeconds };
}

const HINT =
  'The weights have their values from before the step. Start all processes again, from the last backup: see docs/multi-worker.md.';

/**
 * Makes the error of a step that failed.
 *
 * @param failure - What this process knows.
 * @returns The error.
 */
export function explainFailure(failure: KnownFailure): MirrorscopeError {
  const { step, tasks, own, positions } = failure;
  const cause = step.cause;
  if (step.own !== undefined)
    return new MirrorscopeError(ErrorCode.ReplicaFailed, step.own.message, { cause, hint: HINT });
  const failed = positions.findIndex((position, task) => task !== own && position?.error !== undefined);
  if (failed !== -1) {
    const words = `${describeTask(tasks[failed] as ClusterTask)}: ${positions[failed]?.error ?? ''}`;
    return new MirrorscopeError(ErrorCode.ReplicaFailed, `The step failed on ${words}`, { cause, hint: HINT });
  }
  const lost = lostTasks(failure);
  if (lost.length > 0) {
    const each = lost.map(({ task, reason }) => `${describeTask(tasks[task] as ClusterTask)} is lost: ${reason}.`);
    return new MirrorscopeError(ErrorCode.WorkerLost, `${each.join(' ')} ${describeWaits(failure)}`, {
      cause,
      hint: HINT,
    });
  }
  const timeoutSeconds = timeoutOf(failure);
  const limit = timeoutSeconds === undefined ? '' : ` for longer than ${String(timeoutSeconds)} s`;
  return new MirrorscopeError(
    ErrorCode.CollectiveTimeout,
    `The processes waited for each other${limit}. ${describeWaits(failure)}`,
    { cause, hint: HINT },
  );
}

interface LostTask {
  readonly task: number;
  readonly reason: string;
}

/** How long a process waited before its watchdog ended the step; undefined when none did. */
function timeoutOf({ step, positions }: KnownFailure): number | undefined {
  const told = positions.find((position) => position?.timeoutSeconds !== undefined);
  return step.timeoutSeconds ?? told?.timeoutSeconds;
}

/**
 * Finds the processes that do not answer. One that said where it was has noticed the failure like this one, and may
 * have ended since. If all answer, TensorFlow's message may name one that it gave up.
 */
function lostTasks(failure: KnownFailure): LostTask[] {
  const { step, tasks, own, health, positions } = failure;
  const silent = health.flatMap((error, task): LostTask[] =>
    error === undefined || positions[task] !== undefined ? [] : [{ task, reason: lossInWords(error) }],
  );
  if (silent.length > 0 || timeoutOf(failure) !== undefined) return silent;
  const { message } = step.cause;
  const isSuspect = (task: number): boolean => task !== own && positions[task] === undefined;
  if (/coordination service|CoordinationService\/Heartbeat/.test(message) && isSuspect(0))
    return [{ task: 0, reason: 'its coordination service did not answer' }];
  if (!/unhealthy|remote target|Connection|Socket/i.test(message)) return [];
  return tasks.flatMap((task, index) =>
    isSuspect(index) && message.includes(taskName(task)) ? [{ task: index, reason: 'the connection to it broke' }] : [],
  );
}

/** Says in which collective the processes waited, who arrived in it and who did not. */
function describeWaits({ step, tasks, own, health, positions }: KnownFailure): string {
  const waiting = step.waiting ?? positions.map((position) => position?.waiting).find((found) => found !== undefined);
  if (waiting === undefined) return `The ${step.name} step cannot end without it.`;
  // The processes tell each other through the chief.
  const chiefAnswers = health[0] === undefined;
  const stateOf = (task: number): 'arrived' | 'missing' | 'unknown' => {
    if (task === own) return 'arrived';
    const position = positions[task];
    if (position === undefined && health[task] !== undefined) return 'missing';
    if (position === undefined && !chiefAnswers) return 'unknown';
    return position?.step === step.name && (position.waiting?.index ?? -1) >= waiting.index ? 'arrived' : 'missing';
  };
  const list = (state: string): string =>
    tasks
      .filter((_, task) => stateOf(task) === state)
      .map(describeTask)
      .join(', ');
  const unknown = list('unknown');
  const unknownSentence = unknown === '' ? '' : ` Not known without the chief: ${unknown}.`;
  return `The ${step.name} step's ${waiting.words} waited. Arrived: ${list('arrived')}. Missing: ${list('missing') || 'none'}.${unknownSentence}`;
}
