/** Which task of its cluster this process is, by the rules of TensorFlow's `multi_worker_util`. Pure. */
import type { ClusterResolver } from './cluster-resolver.js';
import type { ClusterSpec } from './cluster-spec.js';

import { clusterError, shortJson } from './cluster-error.js';

/** One process of a cluster. */
export interface ClusterTask {
  /** The job, such as `worker`. */
  readonly taskType: string;
  /** The index in the job. */
  readonly taskId: number;
  /** The name in TensorFlow's messages and devices, such as `/job:worker/replica:0/task:1`. */
  readonly name: string;
  /** The address, such as `10.0.0.2:2222`; undefined for an evaluator that is not in the cluster. */
  readonly address: string | undefined;
}

/** This process in its cluster. */
export interface ResolvedTask extends ClusterTask {
  readonly clusterSpec: ClusterSpec;
  /** Whether this process writes files for all: the chief, or worker 0 if there is no chief, or the evaluator. */
  readonly isChief: boolean;
  /** The processes that train together, the chief first. For an evaluator, this is the evaluator alone. */
  readonly workers: readonly ClusterTask[];
  /** The position of this process in `workers`. */
  readonly workerIndex: number;
  /** The task that leads the collectives; undefined for an evaluator, which has none. */
  readonly collectiveLeader: string | undefined;
  /** The task that runs the coordination service; undefined in a cluster of nothing but evaluators. */
  readonly coordinationLeader: string | undefined;
  /** The protocol, such as `grpc`. */
  readonly protocol: string;
}

const TASK_TYPES = ['chief', 'worker', 'evaluator', 'ps'];

/**
 * Finds out which task of its cluster this process is.
 *
 * @param resolver - Describes the cluster.
 * @returns The task; undefined when there is no cluster, so that this process trains alone.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the cluster is malformed or does not have this task.
 */
export function resolveTask(resolver: ClusterResolver): ResolvedTask | undefined {
  const clusterSpec = resolver.clusterSpec();
  if (clusterSpec.jobs.length === 0) return undefined;
  const { taskType, taskId } = resolver;
  if (taskType === undefined || taskId === undefined) {
    const missing = taskType === undefined ? 'type' : 'index';
    throw clusterError(
      { document: 'The cluster', path: '' },
      `is known, but not which of its tasks this process is: the ${missing} of the task is missing`,
      'TF_CONFIG needs, beside `cluster`, for example "task": {"type": "worker", "index": 0}.',
    );
  }
  checkTask(clusterSpec, taskType, taskId);
  const workers = workersOf(clusterSpec, taskType, taskId);
  const workerIndex = workers.findIndex((each) => each.taskType === taskType && each.taskId === taskId);
  const [first] = workers;
  const own = workers[workerIndex];
  if (first === undefined || own === undefined) {
    throw clusterError(
      { document: 'The cluster', path: '' },
      `has no workers for a task of the job ${taskType}`,
      'MultiWorkerMirroredStrategy trains with tasks of the jobs chief and worker. It has no parameter servers.',
    );
  }
  return {
    ...own,
    clusterSpec,
    isChief: workerIndex === 0,
    workers,
    workerIndex,
    collectiveLeader: taskType === 'evaluator' ? undefined : first.name,
    coordinationLeader: coordinationLeader(clusterSpec),
    protocol: resolver.rpcLayer ?? 'grpc',
  };
}

/** The checks of `_validate_cluster_spec`. */
function checkTask(spec: ClusterSpec, taskType: string, taskId: number): void {
  const cluster = { document: 'The cluster', path: '' };
  const types = TASK_TYPES.join(', ');
  const unknownJob = spec.jobs.find((job) => !TASK_TYPES.includes(job));
  if (unknownJob !== undefined)
    throw clusterError(cluster, `has a job ${shortJson(unknownJob)}; the jobs of TensorFlow are ${types}`);
  if (!TASK_TYPES.includes(taskType))
    throw clusterError(
      { document: 'The task', path: '' },
      `has the type ${shortJson(taskType)}; it must be one of ${types}`,
    );
  if (!spec.jobs.includes(taskType) && taskType !== 'evaluator') {
    throw clusterError(cluster, `has no job ${taskType}, but this process is a task of it`);
  }
  for (const job of ['chief', 'evaluator'])
    if (countOf(spec, job) > 1)
      throw clusterError(cluster, `has ${countOf(spec, job)} tasks in the job ${job}; it may have one`);
  if (!Number.isSafeInteger(taskId) || taskId < 0)
    throw clusterError(
      { document: 'The task', path: '' },
      `has the index ${taskId}; it must be a whole number of 0 or more`,
    );
  for (const job of new Set(['chief', 'worker', taskType])) {
    const missing = spec.jobs.includes(job) ? spec.jobTasks(job).indexOf(undefined) : -1;
    if (missing !== -1)
      throw clusterError(cluster, `has no address for task ${missing} of the job ${job}, but for tasks after it`);
  }
  if (spec.jobs.includes(taskType) && taskId >= spec.numTasks(taskType)) {
    throw clusterError(
      cluster,
      `has ${spec.numTasks(taskType)} tasks in the job ${taskType}, but this process is task ${taskId}`,
      'Indices start at 0.',
    );
  }
}

function workersOf(spec: ClusterSpec, taskType: string, taskId: number): ClusterTask[] {
  if (taskType === 'evaluator') return [taskOf(spec, taskType, taskId)];
  return ['chief', 'worker'].flatMap((job) =>
    spec.jobs.includes(job) ? spec.taskIndices(job).map((index) => taskOf(spec, job, index)) : [],
  );
}

function coordinationLeader({ jobs }: ClusterSpec): string | undefined {
  const job = ['ps', 'chief', 'worker'].find((each) => jobs.includes(each));
  return job === undefined ? undefined : nameOf(job, 0);
}

function taskOf(spec: ClusterSpec, taskType: string, taskId: number): ClusterTask {
  const address = spec.jobs.includes(taskType) ? spec.taskAddress(taskType, taskId) : undefined;
  return { taskType, taskId, name: nameOf(taskType, taskId), address };
}

function nameOf(taskType: string, taskId: number): string {
  return `/job:${taskType}/replica:0/task:${taskId}`;
}

function countOf(spec: ClusterSpec, job: string): number {
  return spec.jobs.includes(job) ? spec.numTasks(job) : 0;
}
