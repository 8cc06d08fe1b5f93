/** Finds the processes that train together among those of a cluster. Pure. */
import type { ClusterTask, ClusterTasks } from './cluster-tasks.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** The jobs whose tasks train together. The chief comes first, so that its values are those of the others. */
const TRAINING_JOBS = ['chief', 'worker'];

/** The parts of a resolver that say who trains. */
export interface ClusterDescription {
  readonly taskType: string | undefined;
  readonly taskId: number | undefined;
  clusterSpec(): {
    readonly jobs: readonly string[];
    taskIndices(job: string): readonly number[];
    taskAddress(job: string, index: number): string;
  };
}

/**
 * Finds the processes that train together with this one.
 *
 * @param resolver - Knows the cluster.
 * @returns The processes; undefined when this one works alone, as an evaluator does.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when this process is none of them, or the cluster has parameter servers.
 */
export function trainingTasks(resolver: ClusterDescription): ClusterTasks | undefined {
  const spec = resolver.clusterSpec();
  const { taskType, taskId } = resolver;
  if (spec.jobs.length === 0 || taskType === 'evaluator') return undefined;
  if (spec.jobs.includes('ps') || taskType === 'ps') {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      'The cluster has parameter servers, which this strategy does not use.',
      { hint: 'Remove the job ps from the cluster: all workers hold the variables.' },
    );
  }
  const tasks = TRAINING_JOBS.filter((job) => spec.jobs.includes(job)).flatMap((job) =>
    spec.taskIndices(job).map((index): ClusterTask => ({ job, index, address: spec.taskAddress(job, index) })),
  );
  const own = tasks.findIndex(({ job, index }) => job === taskType && index === taskId);
  if (own !== -1) return tasks.length === 1 ? undefined : { tasks, own };
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `The cluster has no task ${String(taskType)} ${String(taskId)} that trains.`,
    { hint: 'The task of a process must be one of the tasks of the jobs chief and worker in its cluster.' },
  );
}
