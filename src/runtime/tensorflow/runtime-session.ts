/**
 * TensorFlow in one JavaScript thread: settings until it starts, then one library and one context. Loads the library.
 */
import { availableParallelism } from 'node:os';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { type CApi, openCApi } from './c-api.js';
import { TensorFlowContext } from './context.js';
import { type ContextConfiguration, type Processors, withSharedThreads } from './context-configuration.js';
import { EagerExecutor } from './eager-executor.js';
import { countGpus } from './gpu-count.js';
import { missingLibraryHint } from './library-hints.js';
import { type LocateResult, locateTensorFlow } from './locate.js';

/** Holds the settings, the library and the context. Each is created on first use. */
export class RuntimeSession {
  #configuration: ContextConfiguration = {};
  #located: LocateResult | undefined;
  #api: CApi | undefined;
  #context: TensorFlowContext | undefined;
  #executor: EagerExecutor | undefined;

  /** Whether TensorFlow has started, so that settings are fixed. */
  get isStarted(): boolean {
    return this.#context !== undefined;
  }

  get configuration(): ContextConfiguration {
    return this.#configuration;
  }

  /** The library and the places that were searched. Searches on the first call. */
  get located(): LocateResult {
    return (this.#located ??= locateTensorFlow());
  }

  /**
   * Changes settings.
   *
   * @param change - The settings to change.
   * @param subject - Names them in the error message.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` once TensorFlow has started, as Python's `tf.config` does.
   */
  configure(change: ContextConfiguration, subject: string): void {
    if (this.isStarted) {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `${subject} cannot be modified after the runtime has been initialized.`,
        {
          hint: 'Call it before the first tensor, model or strategy is made.',
        },
      );
    }
    this.#configuration = { ...this.#configuration, ...change };
  }

  /**
   * The C API; loads the library on the first call. @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no
   * library.
   */
  get api(): CApi {
    if (this.#api) return this.#api;
    const { files, attempts } = this.located;
    if (!files) {
      const searched = attempts
        .filter(({ outcome }) => outcome === 'missing' || outcome === 'refused')
        .map(({ source, place, outcome }) => `${source} (${place}${outcome === 'refused' ? ', refused' : ''})`);
      throw new MirrorscopeError(
        ErrorCode.EngineUnavailable,
        `No TensorFlow library was found. Searched: ${searched.join(', ')}.`,
        {
          hint: missingLibraryHint(attempts),
        },
      );
    }
    return (this.#api = openCApi(files));
  }

  /**
   * Loads the library, so that its absence is reported now and not at the first op.
   *
   * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no usable library.
   */
  loadLibrary(): void {
    this.#api = this.api;
  }

  /**
   * Starts TensorFlow.
   *
   * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no usable library.
   */
  start(): void {
    this.#executor = this.executor;
  }

  /** The context. Starts TensorFlow on the first call. */
  get context(): TensorFlowContext {
    if (this.#context !== undefined) return this.#context;
    this.#configuration = withSharedThreads(this.#configuration, () => this.#machine());
    return (this.#context = new TensorFlowContext(this.api, this.#configuration));
  }

  #machine(): Processors {
    const { files } = this.located;
    return { processors: availableParallelism(), gpus: files === undefined ? 0 : countGpus(files) };
  }

  /** Runs eager ops. Starts TensorFlow on the first call. */
  get executor(): EagerExecutor {
    return (this.#executor ??= new EagerExecutor(this.context));
  }
}
