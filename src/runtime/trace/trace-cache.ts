/**
 * Keeps the most recently used traces of one step. When a program uses more traces in turn than fit, each would be
 * traced again in every round; then the cache keeps what it has and refuses the others. Disposes of functions that it
 * drops.
 */
import { LruCache } from '../lru-cache.js';

import { TraceCacheFullError } from './untraceable-error.js';

/** The function of a deep model takes tens of megabytes on each device. */
const MAX_TRACES = 32;

/** A trace that was not used in this many steps counts as unused: it makes room. */
const UNUSED_STEPS = 4 * MAX_TRACES;

/** A program goes through phases, so this many repeated traces are allowed before one is refused. */
const ALLOWED_REPEATS = MAX_TRACES;

/** The cache remembers the names of this many dropped traces. */
const REMEMBERED_NAMES = 1024;

/** A trace. */
export interface Trace {
  dispose(): void;
}

interface Entry<Fn> {
  readonly fn: Fn;
  usedAt: number;
}

/** Traces by their key. The caller counts the steps. */
export class TraceCache<Fn extends Trace> {
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry<Fn>>();
  readonly #dropped = new LruCache<string, true>(REMEMBERED_NAMES);
  #repeats = 0;

  /**
   * Finds a trace.
   *
   * @param key - The key that it was kept under.
   * @param step - The number of the step that is about to run.
   * @returns The function; undefined when there is none.
   */
  get(key: string, step: number): Fn | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A map keeps the order of insertion: the last entry is the most recently used.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.usedAt = step;
    return entry.fn;
  }

  /**
   * Drops a trace that is out of date.
   *
   * @param key - The key that it was kept under.
   */
  drop(key: string): void {
    this.#entries.get(key)?.fn.dispose();
    this.#entries.delete(key);
  }

  /**
   * Checks whether a new trace would fit. Call it before tracing.
   *
   * @param key - The key of the new trace.
   * @param step - The number of the step that is about to run.
   * @throws {TraceCacheFullError} when the new trace would push out one that is in use, and soon be pushed out itself.
   */
  requireRoom(key: string, step: number): void {
    const [oldest] = this.#entries.values();
    if (oldest === undefined || this.#entries.size < MAX_TRACES || this.#dropped.get(key) === undefined) return;
    if (step - oldest.usedAt > UNUSED_STEPS || ++this.#repeats <= ALLOWED_REPEATS) return;
    throw new TraceCacheFullError(MAX_TRACES);
  }

  /**
   * Keeps a trace, and drops the least recently used one when there are too many.
   *
   * @param key - Names what the trace is for.
   * @param fn - Belongs to the cache from now on.
   * @param step - The number of the step that is about to run.
   */
  set(key: string, fn: Fn, step: number): void {
    this.#entries.set(key, { fn, usedAt: step });
    const [oldest] = this.#entries.keys();
    if (oldest === undefined || this.#entries.size <= MAX_TRACES) return;
    this.drop(oldest);
    this.#dropped.set(oldest, true);
  }
}
