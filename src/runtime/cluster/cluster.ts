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

/** The processes of a cluster, as one of them sees the others. */
export class Cluster implements ClusterTasks {
  readonly tasks: readonly ClusterTask[];
  readonly own: number;
  readonly store: KeyValueStore;
  readonly #context: TensorFlowContext;
  readonly #timeoutMs: number;
  readonly #names = new Map<string, number>();

  /**
   * @param context - The context that joined the cluster.
   * @param cluster - Its processes.
   * @param timeoutMs - How long this process waits for what another one has to tell.
   */
  constructor(context: TensorFlowContext, { tasks, own }: ClusterTasks, timeoutMs: number) {
    this.tasks = tasks;
    this.own = own;
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
   * Tells every process a text, and waits for those of the others. Blocks this thread.
   *
   * @param subject - What is exchanged: unique, and the same in every process. It appears in error messages.
   * @param text - What this process says.
   * @returns What each process says, in order.
   * @throws {MirrorscopeError} `WORKER_LOST` when a process does not answer.
   */
  exchange(subject: string, text: string): string[] {
    const keyOf = (task: number): string => `${KEY_PREFIX}/${subject}/${String(task)}`;
    this.#telling(this.own, subject, () => {
      this.store.insert(keyOf(this.own), text);
    });
    return this.tasks.map((_, task) =>
      task === this.own ? text : this.#telling(task, subject, () => this.store.get(keyOf(task), this.#timeoutMs)),
    );
  }

  /**
   * Tells every process a text of the chief. Blocks this thread.
   *
   * @param subject - As in {@link exchange}.
   * @param text - Called in the chief only.
   * @returns The chief's text.
   * @throws {MirrorscopeError} `WORKER_LOST` when the chief does not answer.
   */
  fromChief(subject: string, text: () => string): string {
    const key = `${KEY_PREFIX}/${subject}`;
    return this.#telling(0, subject, () => {
      if (!this.isChief) return this.store.get(key, this.#timeoutMs);
      const value = text();
      this.store.insert(key, value);
      return value;
    });
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

  #task(task: number): ClusterTask {
    const found = this.tasks[task];
    if (found === undefined) throw new RangeError(`the cluster has no task ${String(task)}`);
    return found;
  }

  #telling<Result>(task: number, subject: string, body: () => Result): Result {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof TensorFlowError)) throw error;
      const waited = error.status === StatusCode.DeadlineExceeded;
      const reason = waited ? `in ${String(this.#timeoutMs / 1000)} s` : `: ${error.message}`;
      throw new MirrorscopeError(
        ErrorCode.WorkerLost,
        `${describeTask(this.#task(task))} did not send the ${subject}${waited ? ' ' : ''}${reason}`,
        { cause: error },
      );
    }
  }
}
