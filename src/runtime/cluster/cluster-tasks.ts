/** The processes of a cluster that train together. TensorFlow calls them tasks. Pure. */
import type { CoordinatedJob } from '../tensorflow/context-configuration.js';
import type { MessageValue } from '../tensorflow/protobuf/messages.js';

/** One process of a cluster. */
export interface ClusterTask {
  /** `chief` or `worker`. */
  readonly job: string;
  /** Its number in the job. */
  readonly index: number;
  /** `host:port` */
  readonly address: string;
}

/** The processes of a cluster, and which of them this one is. */
export interface ClusterTasks {
  /** In the order of their replicas. The first one is the chief. */
  readonly tasks: readonly ClusterTask[];
  /** The position of this process among them. */
  readonly own: number;
  /**
   * Whether the other processes run Python's strategy. They tell this one nothing outside of collectives, and number
   * those in Python's way.
   */
  readonly pythonPeers?: boolean | undefined;
}

/**
 * Names a task as TensorFlow does.
 *
 * @param task - The task.
 * @returns `/job:worker/replica:0/task:1`
 */
export function taskName({ job, index }: Pick<ClusterTask, 'job' | 'index'>): string {
  return `/job:${job}/replica:0/task:${String(index)}`;
}

/**
 * Names a task in messages.
 *
 * @param task - The task.
 * @returns `worker 1 (10.0.0.2:2222)`
 */
export function describeTask({ job, index, address }: ClusterTask): string {
  return `${job} ${String(index)} (${address})`;
}

/**
 * Lists the jobs of a cluster.
 *
 * @param cluster - The cluster.
 * @returns The jobs in the order of their first tasks.
 */
export function jobsOf({ tasks }: ClusterTasks): CoordinatedJob[] {
  const names = [...new Set(tasks.map(({ job }) => job))];
  return names.map((name) => ({ name, num_tasks: tasks.filter(({ job }) => job === name).length }));
}

/**
 * Makes the message with which a process joins its cluster.
 *
 * @param cluster - The cluster.
 * @param config - The ConfigProto of the process's context.
 * @returns A ServerDef, not yet encoded.
 */
export function serverDefValue(cluster: ClusterTasks, config: MessageValue): MessageValue {
  const { tasks, own } = cluster;
  const self = tasks[own];
  if (self === undefined) throw new RangeError(`the cluster has no task ${String(own)}`);
  return {
    cluster: {
      job: jobsOf(cluster).map(({ name }) => ({
        name,
        tasks: Object.fromEntries(
          tasks.filter(({ job }) => job === name).map(({ index, address }) => [String(index), address]),
        ),
      })),
    },
    job_name: self.job,
    task_index: self.index,
    default_session_config: config,
    protocol: 'grpc',
  };
}
