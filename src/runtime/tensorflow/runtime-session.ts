/**
 * TensorFlow as this JavaScript thread uses it: settings until it starts, then one library and one context.
 * Holds the only state of this layer that outlives a call, since TensorFlow's own start-up is once per context.
 */
import { availableParallelism } from 'node:os';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { type CApi, openCApi } from './c-api.js';
import { TensorFlowContext } from './context.js';
import { type ContextConfiguration, type Processors, withSharedThreads } from './context-configuration.js';
import { EagerExecutor } from './eager-executor.js';
import { countGpus } from './gpu-count.js';
import { adviceWhereMissing } from './library-advice.js';
import { type LocateResult, locateTensorFlow } from './locate.js';

/** Settings, library and context. */
export class RuntimeSession {
  #configuration: ContextConfiguration = {};
  #located: LocateResult | undefined;
  #api: CApi | undefined;
  #context: TensorFlowContext | undefined;
  #executor: EagerExecutor | undefined;

  get isStarted(): boolean {
    return this.#context !== undefined;
  }

  get configuration(): ContextConfiguration {
    return this.#configuration;
  }

  /** Where the library was looked for; looks on the first call. */
  get located(): LocateResult {
    return (this.#located ??= locateTensorFlow());
  }

  /**
   * Changes settings.
   * @throws MirrorscopeError `INVALID_ARGUMENT` once TensorFlow has started, as TensorFlow's own `tf.config` does.
   */
  configure(change: ContextConfiguration, what: string): void {
    if (this.isStarted) {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `${what} cannot be modified after the runtime has been initialized.`,
        {
          hint: 'Call it before the first tensor, model or strategy is made.',
        },
      );
    }
    this.#configuration = { ...this.#configuration, ...change };
  }

  /** The C API. @throws MirrorscopeError `ENGINE_UNAVAILABLE` where no library is found. */
  get api(): CApi {
    if (this.#api) return this.#api;
    const { files, attempts } = this.located;
    if (!files) {
      const tried = attempts
        .filter((attempt) => attempt.outcome === 'missing')
        .map((attempt) => `${attempt.source} (${attempt.place})`);
      throw new MirrorscopeError(
        ErrorCode.EngineUnavailable,
        `No TensorFlow library was found. Tried: ${tried.join(', ')}.`,
        {
          hint: adviceWhereMissing(attempts),
        },
      );
    }
    return (this.#api = openCApi(files));
  }

  /** The context; starts TensorFlow on the first call. */
  get context(): TensorFlowContext {
    if (this.#context !== undefined) return this.#context;
    this.#configuration = withSharedThreads(this.#configuration, () => this.#machine());
    return (this.#context = new TensorFlowContext(this.api, this.#configuration));
  }

  #machine(): Processors {
    const { files } = this.located;
    return { processors: availableParallelism(), gpus: files === undefined ? 0 : countGpus(files) };
  }

  /** The executor of ordinary eager ops; starts TensorFlow on the first call. */
  get executor(): EagerExecutor {
    return (this.#executor ??= new EagerExecutor(this.context));
  }
}
