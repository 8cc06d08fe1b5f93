/** A cluster that this process has joined: what its processes tell each other outside of steps. Calls the C API. */
import type { TensorFlowContext } from '../tensorflow/context.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { Status, TensorFlowError } from '../tensorflow/status.js';
import { StatusCode } from '../tensorflow/status-code.js';

import { type ClusterTask, type ClusterTasks, describeTask, taskName } from './cluster-tasks.js';
import { KeyValueStore } from './key-value-store.js';

/** All keys of the store that belong to this library begin with it. */
const KEY_PREFIX = 'mirrorscope';
/** While a process waits for another one's text, it asks this often whether that one is alive. */
const POLL_MS = 2000;
const HEALTH_TIMEOUT_MS = 1000;
/** TensorFlow crashes when collectives are enabled again while messages of the last step are on their way. */
const SETTLE_MS = 300;
/** It says for whom it waits after this time, and again when the time has doubled. */
const FIRST_REPORT_MS = 10_000;

/** The processes of a cluster, as one of them sees the others. */
export class Cluster implements ClusterTasks {
  readonly tasks: readonly ClusterTask[];
  readonly own: number;
  readonly pythonPeers: boolean;
  readonly store: KeyValueStore;
  readonly #context: TensorFlowContext;
  readonly #timeoutMs: number;
  readonly #names = new Map<string, number>();
  readonly #rejoin: () => void;
  readonly #healed: (() => void)[] = [];

  /**
   * @param context - The context that joined the cluster.
   * @param cluster - Its processes.
   * @param options - How long this process waits for what another one has to tell, and how it joins the same cluster
   *   again.
   */
  constructor(
    context: TensorFlowContext,
    { tasks, own, pythonPeers = false }: ClusterTasks,
    { timeoutMs, rejoin }: { readonly timeoutMs: number; readonly rejoin: () => void },
  ) {
    this.#rejoin = rejoin;
    this.tasks = tasks;
    this.own = own;
    this.pythonPeers = pythonPeers;
    this.#context = context;
    this.#timeoutMs = timeoutMs;
    this.store = new KeyValueStore(context);
  }

  /** Whether this process is the chief, whose initial values and random seeds the others take. */
  get isChief(): boolean {
    return this.own === 0;
  }

  /**
   * Makes a name that is the same in every process, because all run the same program: it counts the calls.
   *
   * @param kind - What is named.
   * @returns `strategy 1`, for example.
   */
  nextName(kind: string): string {
    const count = (this.#names.get(kind) ?? 0) + 1;
    this.#names.set(kind, count);
    return `${kind} ${String(count)}`;
  }

  /**
   * Tells every process a text, and waits for those of the others. Blocks this thread. Processes that run Python are
   * taken to say the same as this one.
   *
   * @param subject - What is exchanged: unique, and the same in every process.
   * @param text - What this process says.
   * @param words - The subject in error messages.
   * @returns What each process says, in order.
   * @throws {MirrorscopeError} `WORKER_LOST` when a process does not answer.
   */
  exchange(subject: string, text: string, words = subject): string[] {
    if (this.pythonPeers) return this.tasks.map(() => text);
    this.#tell(keyOf(subject, this.own), text, words);
    return this.tasks.map((_, task) => (task === this.own ? text : this.#waitFor(keyOf(subject, task), task, words)));
  }

  /**
   * Tells every process a text, if the chief answers.
   *
   * @param subject - As in {@link exchange}.
   * @param text - What this process says.
   */
  tell(subject: string, text: string): void {
    quietly(() => {
      this.store.insert(keyOf(subject, this.own), text);
    });
  }

  /**
   * Reads what another process has told. Blocks this thread.
   *
   * @param task - Its position.
   * @param subject - As in {@link exchange}.
   * @param timeoutMs - How long to wait.
   * @returns The text; undefined when there is none.
   */
  toldBy(task: number, subject: string, timeoutMs: number): string | undefined {
    return quietly(() => this.store.get(keyOf(subject, task), timeoutMs));
  }

  /**
   * Tells every process a value and compares the values of all. Blocks this thread.
   *
   * @param subject - As in {@link exchange}.
   * @param value - What this process has. It is sent as JSON.
   * @param difference - Called with the values of all processes, in order: the error when they differ, else undefined.
   * @param words - The subject in error messages.
   * @throws {MirrorscopeError} That error, in every process; `WORKER_LOST` when a process does not answer.
   */
  compare<Value>(
    subject: string,
    value: Value,
    difference: (values: readonly Value[]) => MirrorscopeError | undefined,
    words = subject,
  ): void {
    const texts = this.exchange(subject, JSON.stringify(value), words);
    const error = difference(texts.map((text) => JSON.parse(text) as Value));
    if (error === undefined) return;
    // The others must be able to read the texts, which are in the chief. A process that fails here soon ends.
    quietly(() => this.exchange(`${subject}/read`, ''));
    throw error;
  }

  /**
   * Says what each process has.
   *
   * @param values - One for each process, in order.
   * @returns `worker 0 (10.0.0.1:2222) has 48; worker 1 (10.0.0.2:2222) has 36`, for example.
   */
  describeEach(values: readonly string[]): string {
    return this.tasks.map((task, index) => `${describeTask(task)} has ${values[index] ?? 'none'}`).join('; ');
  }

  /**
   * Tells every process a text of the chief. Blocks this thread. Beside Python, each process has a text of its own.
   *
   * @param subject - As in {@link exchange}.
   * @param text - Called in the chief only, and beside Python.
   * @returns The chief's text.
   * @throws {MirrorscopeError} `WORKER_LOST` when the chief does not answer.
   */
  fromChief(subject: string, text: () => string): string {
    if (this.pythonPeers) return text();
    const key = `${KEY_PREFIX}/${subject}`;
    if (!this.isChief) return this.#waitFor(key, 0, subject);
    const value = text();
    this.#tell(key, value, subject);
    return value;
  }

  /**
   * Asks whether a process answers. Blocks this thread.
   *
   * @param task - Its position.
   * @param timeoutMs - How long it may take.
   * @returns Why it does not; undefined when it does.
   */
  peerFailure(task: number, timeoutMs: number): TensorFlowError | undefined {
    const { api, pointer } = this.#context;
    const status = new Status(api);
    try {
      api.TFE_CollectiveOpsCheckPeerHealth(pointer, taskName(this.#task(task)), timeoutMs, status.pointer);
      return status.takeErrorIfAny('TFE_CollectiveOpsCheckPeerHealth');
    } finally {
      status.delete();
    }
  }

  /**
   * Ends the collectives in which any process waits, and all later ones.
   *
   * @param reason - The other processes get it in their errors.
   */
  abort(reason: string): void {
    const { api, pointer } = this.#context;
    const status = api.TF_NewStatus();
    api.TF_SetStatus(status, StatusCode.Unavailable, reason);
    api.TFE_AbortCollectiveOps(pointer, status);
    api.TF_DeleteStatus(status);
  }

  /**
   * Calls a function whenever the processes can communicate again.
   *
   * @param listener - Every process must add the same ones in the same order.
   */
  onHealed(listener: () => void): void {
    this.#healed.push(listener);
  }

  /**
   * Makes collectives possible again after {@link abort}, if every process is alive and comes here. Blocks this thread.
   *
   * @returns Whether it succeeded, in every process.
   */
  heal(): boolean {
    if (this.pythonPeers) return false;
    const isAlive = (_: unknown, task: number): boolean =>
      task === this.own || this.peerFailure(task, HEALTH_TIMEOUT_MS) === undefined;
    if (!this.tasks.every(isAlive)) return false;
    const name = this.nextName('healing');
    try {
      this.exchange(`${name} begins`, '');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS);
      this.#rejoin();
      this.exchange(`${name} ends`, '');
      for (const listener of this.#healed) listener();
      return true;
    } catch (error) {
      if (error instanceof MirrorscopeError) return false;
      throw error;
    }
  }

  #task(task: number): ClusterTask {
    const found = this.tasks[task];
    if (found === undefined) throw new RangeError(`the cluster has no task ${String(task)}`);
    return found;
  }

  #tell(key: string, value: string, words: string): void {
    try {
      this.#requireChief();
      this.store.insert(key, value);
    } catch (error) {
      if (error instanceof MirrorscopeError && !(error instanceof TensorFlowError)) throw error;
      throw this.#lost(0, `${describeTask(this.#task(0))} does not take the ${words}`, error);
    }
  }

  /** The store is in the chief, and a chief that is stopped would keep this process waiting. */
  #requireChief(): void {
    const failure = this.isChief ? undefined : this.peerFailure(0, HEALTH_TIMEOUT_MS);
    if (failure !== undefined)
      throw new MirrorscopeError(
        ErrorCode.WorkerLost,
        `${describeTask(this.#task(0))} is lost: ${lossInWords(failure)}.`,
        { cause: failure },
      );
  }

  /** Waits for a text of another process, as long as that one and the chief are alive. */
  #waitFor(key: string, task: number, words: string): string {
    let nextReportMs = Math.min(FIRST_REPORT_MS, this.#timeoutMs / 2);
    for (let waitedMs = 0; ; waitedMs += POLL_MS) {
      if (waitedMs >= nextReportMs) {
        nextReportMs *= 2;
        const seconds = String(Math.round(waitedMs / 1000));
        console.warn(`mirrorscope: has waited for ${seconds} s for the ${words} of ${describeTask(this.#task(task))}.`);
      }
      try {
        this.#requireChief();
        return this.store.get(key, Math.min(POLL_MS, this.#timeoutMs));
      } catch (error) {
        if (error instanceof MirrorscopeError && !(error instanceof TensorFlowError)) throw error;
        const subject = `${describeTask(this.#task(task))} did not send the ${words}`;
        if (!(error instanceof TensorFlowError) || error.status !== StatusCode.DeadlineExceeded)
          throw this.#lost(task, subject, error);
        const failure = task === this.own ? undefined : this.peerFailure(task, HEALTH_TIMEOUT_MS);
        if (failure !== undefined) throw this.#lost(task, subject, failure);
        if (waitedMs + POLL_MS >= this.#timeoutMs) {
          throw new MirrorscopeError(
            ErrorCode.CollectiveTimeout,
            `${subject} in ${String(this.#timeoutMs / 1000)} s. It is alive, but has not come to this step.`,
            { cause: error },
          );
        }
      }
    }
  }

  #lost(task: number, subject: string, cause: unknown): Error {
    const failure = task === this.own ? undefined : this.peerFailure(task, HEALTH_TIMEOUT_MS);
    const words = failure === undefined ? messageOf(cause) : lossInWords(failure);
    return new MirrorscopeError(ErrorCode.WorkerLost, `${subject}: ${words}.`, { cause });
  }
}

/** The key of what a process tells. */
function keyOf(subject: string, task: number): string {
  return `${KEY_PREFIX}/${subject}/${String(task)}`;
}

/** Does what may be impossible after a failure. */
function quietly<Result>(body: () => Result): Result | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Says why a process does not answer.
 *
 * @param error - What asking it gave.
 * @returns The end of a sentence.
 */
export function lossInWords(error: TensorFlowError): string {
  return error.status === StatusCode.DeadlineExceeded
    ? 'it does not answer'
    : 'its process has ended or cannot be reached';
}
