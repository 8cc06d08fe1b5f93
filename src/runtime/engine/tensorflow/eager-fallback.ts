/** Chooses between a traced step and the eager one, and says once why a step cannot be traced. */
import type { DistributableModel } from '../../layers/model-functions.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** Remembers, for one model, which steps cannot be traced. */
export class EagerFallback {
  readonly #model: DistributableModel;
  readonly #untraceable = new Set<string>();

  constructor(model: DistributableModel) {
    this.#model = model;
  }

  /** Runs `traced`; where it turns out to be untraceable (or was before, for the same key), runs `eager`. */
  run<Result>(step: string, stateKey: string, traced: () => Result, eager: () => Result): Result {
    const key = `${step}|${stateKey}`;
    if (this.#untraceable.has(key)) return eager();
    try {
      return traced();
    } catch (error) {
      if (!(error instanceof UntraceableError)) throw error;
      this.#untraceable.add(key);
      this.#warn(step, error);
      return eager();
    }
  }

  #warn(step: string, error: UntraceableError): void {
    const stack = error.stack?.split('\n').slice(1).join('\n') ?? '';
    console.warn(
      `mirrorscope: the ${step} step of "${this.#model.name}" runs eagerly, operation by operation, because ${error.message}. ` +
        `The results are the same; a step without it is faster.\n${stack}`,
    );
  }
}
