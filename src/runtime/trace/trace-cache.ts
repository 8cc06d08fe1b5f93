/**
 * The recordings of one step that are kept: the one not used for longest goes first. Where more are in use in turn than are kept, each would
 * be recorded again in every round; then those kept stay, and the others are refused. Touches TensorFlow, where it lets go of functions.
 */
import type { ReplicaFunction } from './replica-function.js';

import { LruCache } from '../lru-cache.js';

import { TraceCacheFullError } from './untraceable-error.js';

/** A function of a deep model takes tens of megabytes on each device. */
const MOST_KEPT = 32;

/** A recording that was not used in this many steps has fallen out of use: it makes room. */
const OUT_OF_USE = 4 * MOST_KEPT;

/** So many may be recorded again before anybody is refused: programs go through phases. */
const FREE_REPEATS = MOST_KEPT;

/** Names of what was let go of that are remembered. */
const REMEMBERED = 1024;

interface Kept {
  readonly fn: ReplicaFunction;
  usedAt: number;
}

/** By names that say what a recording is for. Steps are counted by whoever asks. */
export class TraceCache {
  readonly #kept = new Map<string, Kept>();
  readonly #forgotten = new LruCache<string, true>(REMEMBERED);
  #repeats = 0;

  /** @param step - The number of the step that is about to run. */
  get(name: string, step: number): ReplicaFunction | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined) return undefined;
    // Taken out, so that it comes back as the most recently used.
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    kept.usedAt = step;
    return kept.fn;
  }

  /** Lets go of a recording that holds no longer. */
  drop(name: string): void {
    this.#kept.get(name)?.fn.dispose();
    this.#kept.delete(name);
  }

  /** To be asked before a recording is made. @throws TraceCacheFullError when it would only push out one that is in use, and be pushed out in turn. */
  requireRoom(name: string, step: number): void {
    if (this.#kept.size < MOST_KEPT || this.#forgotten.get(name) === undefined) return;
    const oldest = this.#kept.values().next().value as Kept;
    if (step - oldest.usedAt > OUT_OF_USE || ++this.#repeats <= FREE_REPEATS) return;
    throw new TraceCacheFullError(MOST_KEPT);
  }

  /** Keeps a recording. */
  set(name: string, fn: ReplicaFunction, step: number): void {
    this.#kept.set(name, { fn, usedAt: step });
    if (this.#kept.size <= MOST_KEPT) return;
    const oldest = this.#kept.keys().next().value as string;
    this.drop(oldest);
    this.#forgotten.set(oldest, true);
  }
}
