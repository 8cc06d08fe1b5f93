/** How the processes of a strategy agree after which step they stop. Reads and writes the cluster's key-value store. */
import type { Cluster } from '../../cluster/cluster.js';

/** Finds the step after which all processes stop. */
export interface StopVote {
  /** Asks all processes to stop, when this one has taken `step` steps. */
  request(step: number): void;
  /** The number of steps after which all processes stop; undefined while nobody wants to. */
  stopAfter(step: number): number | undefined;
}

/** Steps that a process may be ahead of another one: those in flight, and the one that both work on. */
const MOST_STEPS_AHEAD = 5;
/** A process asks the store after this many steps, or after this time. */
const STEPS_PER_QUESTION = 8;
const MS_PER_QUESTION = 100;
const ANSWER_TIMEOUT_MS = 1;

/**
 * Makes the vote of one training run.
 *
 * @param cluster - The processes; undefined when there is only this one.
 * @returns The vote.
 */
export function createStopVote(cluster: Cluster | undefined): StopVote {
  return cluster === undefined ? new OwnVote() : new ClusterVote(cluster);
}

class OwnVote implements StopVote {
  #stop: number | undefined;

  request(step: number): void {
    this.#stop ??= step;
  }

  stopAfter(step: number): number | undefined {
    // The request can come while a step runs, which then ends first.
    return this.#stop === undefined ? undefined : step;
  }
}

/**
 * The first request is written to the store and holds for all. It names a step so late that every process asks the
 * store once before it gets there.
 */
class ClusterVote implements StopVote {
  readonly #cluster: Cluster;
  readonly #key: string;
  #stop: number | undefined;
  #asked = { step: 0, time: 0 };
  #stepMs = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#key = `mirrorscope/${cluster.nextName('stop')}`;
  }

  request(step: number): void {
    const isEveryStepAsked = this.#stepMs > 2 * MS_PER_QUESTION;
    const margin = MOST_STEPS_AHEAD + (isEveryStepAsked ? 1 : STEPS_PER_QUESTION);
    try {
      this.#cluster.store.insert(this.#key, String(step + margin));
    } catch {
      // Another process was first.
    }
  }

  stopAfter(step: number): number | undefined {
    const now = performance.now();
    const steps = step - this.#asked.step;
    if (this.#stop !== undefined || (steps < STEPS_PER_QUESTION && now - this.#asked.time < MS_PER_QUESTION))
      return this.#stop;
    if (steps > 0) this.#stepMs = (now - this.#asked.time) / steps;
    this.#asked = { step, time: now };
    try {
      this.#stop = Number(this.#cluster.store.get(this.#key, ANSWER_TIMEOUT_MS));
    } catch {
      // Nobody wants to stop. If the chief does not answer, the next step says so.
    }
    return this.#stop;
  }
}
