/**
 * The other processes of a strategy, as its steps see them: compares steps before they run, and explains steps that
 * failed. Talks to the other processes; blocks this thread.
 */
import type { Cluster } from '../../cluster/cluster.js';
import type { ComparedStep, FailedStep, StepPeers } from '../../trace/step-peers.js';
import type { PeerNames } from '../../trace/watchdog/watched-step.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { describeTask, taskName } from '../../cluster/cluster-tasks.js';
import { TensorFlowError } from '../../tensorflow/status.js';
import { describeDifference } from '../../trace/compare-steps.js';

import { explainFailure, positionOf, type StepPosition } from './explain-failure.js';

/** How long a process that answers may take to say where it is. */
const POSITION_TIMEOUT_MS = 1000;
/** A process that takes longer to answer is lost. */
const HEALTH_TIMEOUT_MS = 1000;

/** The other processes of one strategy. */
export class ClusterPeers implements StepPeers {
  readonly #cluster: Cluster;
  readonly #name: string;
  readonly #compared = new Set<string>();
  #failure: MirrorscopeError | undefined;
  /** How often the processes have begun again after a failure. What they tell each other is told once. */
  #generation = 0;

  /**
   * @param cluster - The processes.
   * @param name - The name of the strategy, the same in every process.
   */
  constructor(cluster: Cluster, name: string) {
    this.#cluster = cluster;
    this.#name = name;
    cluster.onHealed(() => {
      this.#failure = undefined;
      this.#compared.clear();
      this.#generation++;
    });
  }

  get names(): PeerNames | undefined {
    const { tasks, own, pythonPeers } = this.#cluster;
    const [chief] = tasks;
    if (pythonPeers || chief === undefined) return undefined;
    return { names: tasks.map(describeTask), own, chief: taskName(chief), prefix: `mirrorscope/${this.#name}` };
  }

  check(step: ComparedStep): void {
    if (this.#failure !== undefined) throw afterFailure(this.#failure);
    if (this.#compared.has(step.signature)) return;
    const hasFailed = (_: unknown, task: number): boolean =>
      task !== this.#cluster.own && this.#cluster.toldBy(task, `${this.#subject}/failed at`, 1) !== undefined;
    // Those do not come here any more.
    if (this.#cluster.tasks.some(hasFailed)) {
      const cause = new Error('another process has ended the step');
      throw this.explain({ name: step.name, waiting: undefined, cause, own: undefined, timeoutSeconds: undefined });
    }
    try {
      this.#cluster.compare(
        `${this.#subject}/step ${String(this.#compared.size + 1)}`,
        step,
        (steps) => this.#stepDifference(step.name, steps),
        `shapes of the ${step.name} step`,
      );
    } catch (error) {
      if (error instanceof MirrorscopeError) this.#fail(error);
      throw error;
    }
    this.#compared.add(step.signature);
  }

  explain(step: FailedStep): Error {
    const { tasks, own } = this.#cluster;
    if (this.#failure !== undefined) return this.#failure;
    const position = positionOf(step);
    const subject = `${this.#subject}/failed at`;
    // The store is in the chief. A chief that is stopped would keep this process waiting.
    const chief = own === 0 ? undefined : this.#cluster.peerFailure(0, HEALTH_TIMEOUT_MS);
    // Before the others notice: a process that has told where it was is not lost, although it may soon end.
    if (chief === undefined) this.#cluster.tell(subject, JSON.stringify(position));
    this.#cluster.abort(step.own?.message ?? step.cause.message);
    const health = tasks.map((_, task) => {
      if (task === own) return undefined;
      return task === 0 ? chief : this.#cluster.peerFailure(task, HEALTH_TIMEOUT_MS);
    });
    const toldBy = (task: number, about: string): string | undefined => {
      if (task === own || chief !== undefined) return undefined;
      return this.#cluster.toldBy(task, about, health[task] === undefined ? POSITION_TIMEOUT_MS : 1);
    };
    const positions = tasks.map((_, task): StepPosition | undefined => {
      if (task === own) return position;
      const text = toldBy(task, subject);
      return text === undefined ? undefined : (JSON.parse(text) as StepPosition);
    });
    // A process that fails here soon ends, and the store ends with the chief.
    if (chief === undefined) this.#cluster.tell(`${subject}/read`, '');
    tasks.forEach((_, task) => {
      if (positions[task] !== undefined && health[task] === undefined) toldBy(task, `${subject}/read`);
    });
    const error = explainFailure({ step, tasks, own, health, positions });
    this.#failure = error;
    return error;
  }

  get #subject(): string {
    return this.#generation === 0 ? this.#name : `${this.#name}/${String(this.#generation)}`;
  }

  explained<Result>(name: string, body: () => Result): Result {
    try {
      return body();
    } catch (cause) {
      if (!(cause instanceof TensorFlowError)) throw cause;
      throw this.explain({ name, waiting: undefined, cause, own: undefined, timeoutSeconds: undefined });
    }
  }

  #stepDifference(name: string, steps: readonly ComparedStep[]): MirrorscopeError | undefined {
    const different = describeDifference(steps, this.#cluster.tasks.map(describeTask));
    if (different === undefined) return undefined;
    const message = `The processes do not run the same step (${name}): ${different}`;
    return new MirrorscopeError(ErrorCode.WorkersDiffer, message);
  }

  #fail(error: MirrorscopeError): void {
    this.#failure = error;
    this.#cluster.abort(error.message);
  }
}

function afterFailure(failure: MirrorscopeError): MirrorscopeError {
  return new MirrorscopeError(failure.code, `The processes no longer train together: ${failure.message}`, {
    cause: failure,
    hint: 'Start all processes again, from the last backup.',
  });
}
