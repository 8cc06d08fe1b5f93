/** A step in the words of the watchdog's errors and lines. Pure; used by both threads. */

/** A tensor that a collective carries. */
export interface CollectiveTensor {
  /** `loss`, `gradient of dense/kernel`, …; empty where the caller did not say. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** One collective of one replica's function. */
export interface ReplicaCollective {
  /** Its number within the step, the same on every replica. */
  readonly instance: number;
  /** Its name in the function. */
  readonly node: string;
  readonly tensors: readonly CollectiveTensor[];
}

/** A collective, in words. */
interface WatchedCollective {
  readonly words: string;
  /** The replicas that come to it. */
  readonly participants: readonly number[];
}

/** A step, in words. */
export interface WatchedStep {
  /** `train`, `test`, … */
  readonly name: string;
  /** The name of each replica's device. */
  readonly devices: readonly string[];
  readonly collectives: readonly WatchedCollective[];
}

/** Who waits where. */
export interface StuckWait {
  readonly collective: number;
  /** The replicas that came to it. */
  readonly arrived: readonly number[];
}

/** How many tensors of a collective are spelled out. */
const MOST_TENSORS = 8;

/** @param functions - The collectives of each replica's function. @param count - How many the step has. */
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
    // A replica without rows brings zeros, and does not know what of.
    const named = found.find(({ tensors }) => tensors.some((tensor) => tensor.name !== '')) ?? found[0];
    return {
      words: `collective ${named?.node ?? String(instance)} of ${listed(named?.tensors ?? [])}`,
      participants: found.map(({ replica }) => replica),
    };
  });
  return { name, devices, collectives };
}

function listed(tensors: readonly CollectiveTensor[]): string {
  if (tensors.length === 0) return 'unknown tensors';
  const shown = tensors
    .slice(0, MOST_TENSORS)
    .map(({ name, shape }) => `${name === '' ? 'a tensor' : name} [${shape.join(',')}]`);
  const more = tensors.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${String(more)} more`;
}

/** `The train step's collective … waited for longer than 300 s. Arrived: … Missing: …` */
export function waitInWords(step: WatchedStep, { collective, arrived }: StuckWait, timeoutSeconds: number): string {
  const { words, participants } = step.collectives[collective] ?? {
    words: `collective ${String(collective)}`,
    participants: [],
  };
  const missing = participants.filter((replica) => !arrived.includes(replica));
  const who =
    missing.length === 0
      ? 'Missing: none, the exchange itself does not end.'
      : `Missing: ${replicasInWords(step, missing)}.`;
  return `The ${step.name} step's ${words} waited for longer than ${String(timeoutSeconds)} s. Arrived: ${replicasInWords(step, arrived)}. ${who}`;
}

/** `0 (/device:CPU:0), 1 (…)` */
export function replicasInWords({ devices }: Pick<WatchedStep, 'devices'>, replicas: readonly number[]): string {
  return replicas.map((replica) => `${String(replica)} (${devices[replica] ?? ''})`).join(', ');
}
