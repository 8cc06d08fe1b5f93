/** Starts TensorFlow as one process of a cluster. Changes the session's settings, and starts it. */
import type { ContextConfiguration } from '../tensorflow/context-configuration.js';
import type { RuntimeSession } from '../tensorflow/runtime-session.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { configProtoValue } from '../tensorflow/context-configuration.js';

import { Cluster } from './cluster.js';
import { type ClusterTask, type ClusterTasks, jobsOf, serverDefValue, taskName } from './cluster-tasks.js';

/** How long the processes of a cluster wait for each other. */
export interface ClusterTimeouts {
  /** For all processes to start. */
  readonly startTimeoutMs: number;
  /** For a sign of life. */
  readonly heartbeatTimeoutMs: number;
  /** For what a process has to tell. */
  readonly exchangeTimeoutMs: number;
}

/**
 * Joins a cluster, and waits for its other processes. Blocks this thread.
 *
 * @param session - TensorFlow in this thread. It must not have started.
 * @param tasks - The processes of the cluster.
 * @param timeouts - How long to wait.
 * @returns The cluster.
 * @throws {MirrorscopeError} `STRATEGY_MISUSE` when TensorFlow has started; `CLUSTER_START` when a process is missing.
 */
export function joinCluster(session: RuntimeSession, tasks: ClusterTasks, timeouts: ClusterTimeouts): Cluster {
  requireNotStarted(session);
  const [leader] = tasks.tasks;
  const { startTimeoutMs, heartbeatTimeoutMs } = timeouts;
  const cluster: ContextConfiguration['cluster'] = {
    leader: taskName(leader as ClusterTask),
    jobs: jobsOf(tasks),
    startTimeoutMs,
    heartbeatTimeoutMs,
  };
  session.configure({ cluster }, 'The cluster');
  const { context } = session;
  const server = context.messages.encode('ServerDef', serverDefValue(tasks, configProtoValue(context.configuration)));
  context.joinCluster(server, taskName(tasks.tasks[tasks.own] as ClusterTask));
  return new Cluster(context, tasks, timeouts.exchangeTimeoutMs);
}

function requireNotStarted(session: RuntimeSession): void {
  if (!session.isStarted) return;
  throw new MirrorscopeError(
    ErrorCode.StrategyMisuse,
    'A strategy over several processes must be made before TensorFlow starts.',
    { hint: 'Make the strategy at the start of the program, before any tensor, model or other strategy.' },
  );
}
