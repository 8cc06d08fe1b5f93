/**
 * Runs the replicas of a task one after another, through all their collectives. Touches variables and optimizers' step
 * counts.
 */
import type { ReplicaTask } from '../../distribute/ports/replica-runner.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { OtherProcesses } from './other-processes.js';
import type { Variable } from '@tensorflow/tfjs';

import { replicaFailed } from '../../distribute/replica-failed.js';
import { countOptimizerSteps, type OptimizerSteps, repeatSteps } from '../../tfjs/optimizer-steps.js';
import { copiesOf } from '../../tfjs/replica-copies.js';
import { releaseWrites, VariableIsolation, type VariableWrites } from '../../tfjs/variable-isolation.js';

import { CollectiveRendezvous, Suspended } from './collective-rendezvous.js';
import { type DrawnNumbers, takeTurn } from './turn.js';

interface Finished<Result> {
  readonly result: Result;
  readonly writes: VariableWrites;
  readonly optimizerSteps: OptimizerSteps;
}

/** Implements `ReplicaRunner.runReplicas` for replicas that share one set of variables. */
export function runInTurns<Result>(tf: TensorFlowJs, task: ReplicaTask<Result>, others?: OtherProcesses): Result[] {
  const variables = new VariableIsolation(tf, task.topology.localReplicaCount);
  const rendezvous = new CollectiveRendezvous(tf, task, variables, others);
  const drawn = new Map<number, DrawnNumbers>(task.replicaIds.map((replicaId) => [replicaId, []]));
  const finished = new Map<number, Finished<Result>>();
  /** Steps that the replicas took together, in code that ran once for all of them. */
  const jointSteps: OptimizerSteps[] = [];

  const turn = (replicaId: number): void => {
    try {
      const { result, steps } = countOptimizerSteps(tf, () =>
        variables.isolate(
          () =>
            takeTurn(tf, drawn.get(replicaId) ?? [], () => {
              const local = task.body(replicaId, rendezvous.channel(replicaId));
              // The replica's code may have caught the exception; it must not continue as if the others had answered.
              if (rendezvous.isWaiting(replicaId)) throw new Suspended();
              return local;
            }),
          task.topology.localIndexOf(replicaId),
        ),
      );
      finished.set(replicaId, { result, writes: variables.collectWrites(), optimizerSteps: steps });
    } catch (error) {
      if (!rendezvous.isWaiting(replicaId)) throw replicaFailed(task.topology, replicaId, error);
    }
  };

  try {
    while (finished.size < task.replicaIds.length) {
      const ready = task.replicaIds.filter((replicaId) => !finished.has(replicaId) && !rendezvous.isWaiting(replicaId));
      ready.forEach(turn);
      // All remaining replicas wait: the collective is complete, or never will be.
      if (ready.length === 0) jointSteps.push(countOptimizerSteps(tf, () => rendezvous.complete()).steps);
    }
    const ordered = task.replicaIds.map((replicaId) => finished.get(replicaId) as Finished<Result>);
    variables.commit(
      ordered.map(({ writes }) => writes),
      task.replicaIds.map((replicaId) => task.topology.localIndexOf(replicaId)),
    );
    others?.agreeOnWrites(writtenPlainly(ordered));
    // The replicas share an optimizer step: count it once.
    for (const steps of [...jointSteps, ...ordered.slice(0, 1).map(({ optimizerSteps }) => optimizerSteps)])
      repeatSteps(steps);
    return ordered.map(({ result }) => result);
  } catch (error) {
    variables.restore();
    for (const { result } of finished.values()) tf.dispose(result as never);
    throw error;
  } finally {
    for (const { writes } of finished.values()) releaseWrites(writes);
    rendezvous.close();
    variables.close();
  }
}

/** Lists the variables that replicas wrote and that have one value for all of them, in the order of their making. */
function writtenPlainly(finished: readonly Pick<Finished<unknown>, 'writes'>[]): Variable[] {
  const written = new Set(finished.flatMap(({ writes }) => [...writes.keys()]));
  return [...written]
    .filter((variable) => !variable.isDisposed && copiesOf(variable) === undefined)
    .sort((one, other) => one.id - other.id);
}
