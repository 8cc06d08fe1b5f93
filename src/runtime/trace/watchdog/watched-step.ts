/** Describes a step in the watchdog's errors and reports. Pure. Both threads use it. */

import { markRow, ProgressMark } from './board-layout.js';

/** A tensor that a collective carries. */
export interface CollectiveTensor {
  /** `loss`, `gradient of dense/kernel`, …; empty when the caller gave no name. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** One collective of one replica's function. */
export interface ReplicaCollective {
  /** Its number within the step, the same on every replica. */
  readonly instance: number;
  /** The name of its node in the function. */
  readonly node: string;
  readonly tensors: readonly CollectiveTensor[];
}

/** One collective of a step. */
interface WatchedCollective {
  readonly words: string;
  /** The replicas that take part in it. */
  readonly participants: readonly number[];
}

/** The other processes of a step. */
export interface PeerNames {
  /** `worker 1 (10.0.0.2:2222)`, for every process. */
  readonly names: readonly string[];
  /** The position of this process among them. */
  readonly own: number;
  /** The chief's task, as TensorFlow names it. */
  readonly chief: string;
  /** The beginning of the keys of what they tell each other. */
  readonly prefix: string;
}

/** A step, described. */
export interface WatchedStep {
  /** Set where its replicas are in several processes. */
  readonly peers?: PeerNames | undefined;
  /** `train`, `test`, … */
  readonly name: string;
  /** The name of each replica's device. */
  readonly devices: readonly string[];
  readonly collectives: readonly WatchedCollective[];
}

/** A wait that does not end. */
export interface StuckWait {
  readonly collective: number;
  /** The replicas that reached it. */
  readonly arrived: readonly number[];
}

/** A description lists at most this many tensors of a collective. */
const MAX_LISTED_TENSORS = 8;

/**
 * Describes a step.
 *
 * @param name - `train`, `test`, …
 * @param devices - The name of each replica's device.
 * @param functions - The collectives of each replica's function.
 * @param count - How many collectives the step has.
 * @returns The description.
 */
export function describeStep(
  name: string,
  devices: readonly string[],
  functions: readonly (readonly ReplicaCollective[])[],
  count: number,
): WatchedStep {
  const collectives = Array.from({ length: count }, (_, instance): WatchedCollective => {
    const found = functions.flatMap((all, replica) =>
      all.filter((each) => each.instance === instance).map((each) => ({ ...each, replica })),
    );
    // A replica without rows contributes zeros, and does not know the names.
    const named = found.find(({ tensors }) => tensors.some((tensor) => tensor.name !== '')) ?? found[0];
    return {
      words: `collective ${named?.node ?? String(instance)} of ${listTensors(named?.tensors ?? [])}`,
      participants: found.map(({ replica }) => replica),
    };
  });
  return { name, devices, collectives };
}

function listTensors(tensors: readonly CollectiveTensor[]): string {
  if (tensors.length === 0) return 'unknown tensors';
  const shown = tensors
    .slice(0, MAX_LISTED_TENSORS)
    .map(({ name, shape }) => `${name === '' ? 'a tensor' : name} [${shape.join(',')}]`);
  const more = tensors.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${String(more)} more`;
}

/**
 * Finds the collective that a replica reached and did not leave.
 *
 * @param step - The step.
 * @param boards - The marks of each replica.
 * @returns The first such collective, described; undefined when there is none.
 */
export function waitingCollective(
  step: WatchedStep,
  boards: readonly Int32Array[],
): { readonly index: number; readonly words: string } | undefined {
  const index = step.collectives.findIndex((_, collective) =>
    boards.some(
      (board) =>
        (board[markRow(collective, ProgressMark.Arrived)] ?? 0) !== 0 &&
        (board[markRow(collective, ProgressMark.Ended)] ?? 0) === 0,
    ),
  );
  const found = step.collectives[index];
  return found && { index, words: found.words };
}

/**
 * Describes a wait that does not end.
 *
 * @param step - The step.
 * @param wait - Where it waits.
 * @param timeoutSeconds - How long a replica may wait.
 * @returns `The train step's collective … waited for longer than 300 s. Arrived: … Missing: …`
 */
export function describeWait(step: WatchedStep, wait: StuckWait, timeoutSeconds: number): string {
  const { collective, arrived } = wait;
  const { words, participants } = step.collectives[collective] ?? {
    words: `collective ${String(collective)}`,
    participants: [],
  };
  const missing = participants.filter((replica) => !arrived.includes(replica));
  const missingSentence =
    missing.length === 0
      ? 'Missing: none, the exchange itself does not end.'
      : `Missing: ${describeReplicas(step, missing)}.`;
  return `The ${step.name} step's ${words} waited for longer than ${String(timeoutSeconds)} s. Arrived: ${describeReplicas(step, arrived)}. ${missingSentence}`;
}

/**
 * Lists replicas with their devices.
 *
 * @param step - Knows the devices.
 * @param replicas - The numbers of the replicas.
 * @returns `0 (/device:CPU:0), 1 (…)`
 */
export function describeReplicas(step: Pick<WatchedStep, 'devices'>, replicas: readonly number[]): string {
  return replicas.map((replica) => `${String(replica)} (${step.devices[replica] ?? ''})`).join(', ');
}
