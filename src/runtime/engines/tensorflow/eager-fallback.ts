/** Runs a call traced if possible, else eagerly, and warns once for each reason. Writes to the console. */
import { LruCache } from '../../lru-cache.js';
import { TraceCacheFullError, UntraceableError } from '../../trace/untraceable-error.js';

/** How many untraceable calls are remembered. A forgotten one is traced again, in vain. */
const REMEMBERED = 1024;

/** Remembers which calls cannot be traced. */
export class EagerFallback {
  readonly #subject: string;
  readonly #untraceable = new LruCache<string, true>(REMEMBERED);
  readonly #warnings = new Set<string>();

  /** @param subject - Describes the calls in warnings, e.g. `the train step of "model"`. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Runs `traced`. If it cannot be traced, or a call with the same key could not, runs `eager`. */
  run<Result>(key: string, traced: () => Result, eager: () => Result): Result {
    if (this.#untraceable.get(key) === true) return eager();
    try {
      return traced();
    } catch (error) {
      const reason = untraceable(error);
      if (reason === undefined) throw error;
      if (!(reason instanceof TraceCacheFullError)) this.#untraceable.set(key, true);
      this.#warn(reason);
      return eager();
    }
  }

  #warn(error: UntraceableError): void {
    // Once per reason: every shape and every compile fails for the same one.
    if (this.#warnings.has(error.message)) return;
    this.#warnings.add(error.message);
    if (error instanceof TraceCacheFullError) {
      console.warn(
        `mirrorscope: some calls of ${this.#subject} run eagerly, operation by operation, because ${error.message}. ` +
          'The results are the same; with fewer shapes, such as sequences padded to a few lengths, it is faster.',
      );
      return;
    }
    const stack = error.stack?.split('\n').slice(1).join('\n') ?? '';
    console.warn(
      `mirrorscope: ${this.#subject} runs eagerly, operation by operation, because ${error.message}. ` +
        `The results are the same; without that it is faster.\n${stack}`,
    );
  }
}

/** Finds the reason in an error, or in its causes. */
function untraceable(error: unknown): UntraceableError | undefined {
  if (error instanceof UntraceableError) return error;
  return error instanceof Error && error.cause !== undefined ? untraceable(error.cause) : undefined;
}
