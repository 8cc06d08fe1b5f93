/** Finds the processes that train together among those of a cluster. Pure. */
import type { ClusterTasks } from './cluster-tasks.js';
import type { ClusterResolver } from './resolvers/cluster-resolver.js';

import { resolveTask } from './resolvers/resolve-task.js';

/**
 * Finds the processes that train together with this one.
 *
 * @param resolver - Knows the cluster.
 * @returns The processes; undefined when this one works alone, as an evaluator does.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the cluster is malformed or does not have this task.
 */
export function trainingTasks(resolver: ClusterResolver): ClusterTasks | undefined {
  const task = resolveTask(resolver);
  if (task === undefined || task.workers.length === 1) return undefined;
  return {
    tasks: task.workers.map(({ taskType, taskId, address = '' }) => ({ job: taskType, index: taskId, address })),
    own: task.workerIndex,
  };
}
