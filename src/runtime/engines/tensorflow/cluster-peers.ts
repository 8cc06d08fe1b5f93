/**
 * The other processes of a strategy, as its steps see them: compares steps before they run, and explains steps that
 * failed. Talks to the other processes; blocks this thread.
 */
import type { Cluster } from '../../cluster/cluster.js';
import type { ComparedStep, FailedStep, StepPeers } from '../../trace/step-peers.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { describeTask } from '../../cluster/cluster-tasks.js';
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

  /**
   * @param cluster - The processes.
   * @param name - The name of the strategy, the same in every process.
   */
  constructor(cluster: Cluster, name: string) {
    this.#cluster = cluster;
    this.#name = name;
  }

  check(step: ComparedStep): void {
    if (this.#failure !== undefined) throw afterFailure(this.#failure);
    if (this.#compared.has(step.signature)) return;
    const subject = `${this.#name}/step ${String(this.#compared.size + 1)}`;
    const words = `shapes of the ${step.name} step`;
    try {
      const texts = this.#cluster.exchange(subject, JSON.stringify(step), words);
      const steps = texts.map((text) => JSON.parse(text) as ComparedStep);
      const different = describeDifference(steps, this.#cluster.tasks.map(describeTask));
      if (different !== undefined) {
        // The others must be able to read the texts, which are in the chief. A process that fails here soon ends.
        quietly(() => this.#cluster.exchange(`${subject}/read`, '', words));
        throw new MirrorscopeError(
          ErrorCode.WorkersDiffer,
          `The processes do not run the same step (${step.name}): ${different}`,
        );
      }
    } catch (error) {
      if (error instanceof MirrorscopeError) this.#fail(error);
      throw error;
    }
    this.#compared.add(step.signature);
  }

  explain(step: FailedStep): Error {
    const { tasks, own, store } = this.#cluster;
    if (this.#failure !== undefined) return this.#failure;
    const position = positionOf(step);
    // First, so that no other process waits any longer.
    this.#cluster.abort(step.own?.message ?? step.cause.message);
    const keyOf = (task: number): string => `${this.#cluster.keyPrefix}/${this.#name}/failed at/${String(task)}`;
    const health = tasks.map((_, task) =>
      task === own ? undefined : this.#cluster.peerFailure(task, HEALTH_TIMEOUT_MS),
    );
    // The store is in the chief. A chief that is stopped would keep this process waiting.
    const storeWorks = health[0] === undefined;
    if (storeWorks)
      quietly(() => {
        store.insert(keyOf(own), JSON.stringify(position));
      });
    const positions = tasks.map((_, task): StepPosition | undefined => {
      if (task === own) return position;
      if (health[task] !== undefined || !storeWorks) return undefined;
      return quietly(() => JSON.parse(store.get(keyOf(task), POSITION_TIMEOUT_MS)) as StepPosition);
    });
    const error = explainFailure({ step, tasks, own, health, positions });
    this.#failure = error;
    return error;
  }

  #fail(error: MirrorscopeError): void {
    this.#failure = error;
    this.#cluster.abort(error.message);
  }
}

/** Reads what may be unreachable after a failure. */
function quietly<Result>(body: () => Result): Result | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

function afterFailure(failure: MirrorscopeError): MirrorscopeError {
  return new MirrorscopeError(failure.code, `The processes no longer train together: ${failure.message}`, {
    cause: failure,
    hint: 'Start all processes again, from the last backup.',
  });
}
