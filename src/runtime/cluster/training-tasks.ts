/** Finds the processes that train together among those of a cluster. Pure. */
import type { ClusterTask, ClusterTasks } from './cluster-tasks.js';
import type { ClusterResolver } from './resolvers/cluster-resolver.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { resolveTask } from './resolvers/resolve-task.js';

/**
 * Finds the processes that train together with this one.
 *
 * @param resolver - Knows the cluster.
 * @returns The processes; undefined when this one works alone, as an evaluator does.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the cluster is malformed or does not have this process;
 *   `INVALID_ARGUMENT` when it has parameter servers.
 */
export function trainingTasks(resolver: ClusterResolver): ClusterTasks | undefined {
  const task = resolveTask(resolver);
  if (task === undefined) return undefined;
  if (task.clusterSpec.jobs.includes('ps')) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      'The cluster has parameter servers, which this strategy does not use.',
      { hint: 'Remove the job ps from the cluster: all workers hold the variables.' },
    );
  }
  const { workers, workerIndex } = task;
  if (workers.length === 1) return undefined;
  const tasks = workers.map(({ taskType, taskId, address = '' }): ClusterTask => ({
    job: taskType,
    index: taskId,
    address,
  }));
  return { tasks, own: workerIndex };
}
