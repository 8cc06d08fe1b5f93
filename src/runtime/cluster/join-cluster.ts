/** Starts TensorFlow as one process of a cluster. Changes the session's settings, and starts it. */
import type { ContextConfiguration } from '../tensorflow/context-configuration.js';
import type { RuntimeSession } from '../tensorflow/runtime-session.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { configProtoValue } from '../tensorflow/context-configuration.js';
import { TensorFlowError } from '../tensorflow/status.js';
import { StatusCode } from '../tensorflow/status-code.js';

import { PROBE_WORDS, ProbeResult } from './address-probe-table.js';
import { Cluster } from './cluster.js';
import {
  type ClusterTask,
  type ClusterTasks,
  describeTask,
  jobsOf,
  serverDefValue,
  taskName,
} from './cluster-tasks.js';
import { requireSameVersions } from './compare-versions.js';
import { probeAddresses } from './probe-addresses.js';

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
 * @throws {MirrorscopeError} `STRATEGY_MISUSE` when TensorFlow has started; `CLUSTER_START` when a process is missing;
 *   `WORKERS_DIFFER` when a process runs another version.
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
  const join = (): void => {
    context.joinCluster(server, taskName(tasks.tasks[tasks.own] as ClusterTask));
  };
  try {
    join();
  } catch (error) {
    throw error instanceof TensorFlowError ? startFailure(error, tasks, timeouts) : error;
  }
  const joined = new Cluster(context, tasks, { timeoutMs: timeouts.exchangeTimeoutMs, rejoin: join });
  requireSameVersions(joined, context.version);
  return joined;
}

function requireNotStarted(session: RuntimeSession): void {
  if (!session.isStarted) return;
  throw new MirrorscopeError(
    ErrorCode.StrategyMisuse,
    'A strategy over several processes must be made before TensorFlow starts.',
    { hint: 'Make the strategy at the start of the program, before any tensor, model or other strategy.' },
  );
}

/** Says why the cluster did not start. TensorFlow does not name the process that is missing. */
function startFailure(cause: TensorFlowError, { tasks, own }: ClusterTasks, timeouts: ClusterTimeouts): Error {
  const self = tasks[own] as ClusterTask;
  if (cause.status === StatusCode.Unknown) {
    const { port = ProbeResult.Unknown } = probeAddresses([], self.address);
    const reason = port === ProbeResult.PortFree ? cause.message : `${PROBE_WORDS[port]}.`;
    return new MirrorscopeError(
      ErrorCode.ClusterStart,
      `${describeTask(self)} could not open its port on this machine: ${reason}`,
      { cause, hint: 'Give the task another port, in the cluster of every process, or end the program that uses it.' },
    );
  }
  const others = tasks.filter((task) => task !== self);
  const { reached } = probeAddresses(others.map(({ address }) => address));
  const missing = others.flatMap((task, index) => {
    const answer = reached[index] ?? ProbeResult.Unknown;
    return answer === ProbeResult.Reachable ? [] : [`${describeTask(task)} is missing: ${PROBE_WORDS[answer]}.`];
  });
  const seconds = String(timeouts.startTimeoutMs / 1000);
  const reason = missing.length > 0 ? missing.join(' ') : cause.message;
  return new MirrorscopeError(ErrorCode.ClusterStart, `The cluster did not start in ${seconds} s. ${reason}`, {
    cause,
  });
}
