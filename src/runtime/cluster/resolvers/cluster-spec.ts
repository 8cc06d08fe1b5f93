/** The processes of a cluster: jobs, tasks and their addresses, as TensorFlow's `tf.train.ClusterSpec`. Pure. */
import type { ValueSource } from './cluster-error.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

import { type JobMap, parseClusterSpec } from './parse-cluster-spec.js';

/** The addresses of a job's tasks: a list, or an object from task indices to addresses if some tasks are left out. */
export type JobAddresses = readonly string[] | Readonly<Record<number, string>>;

const FROM_CODE: ValueSource = { document: 'The cluster', path: '' };

/**
 * The processes of a cluster, as `tf.train.ClusterSpec`. A cluster has jobs, such as `worker`. A job has tasks, which
 * are numbered from 0. Each task is one process with one address.
 *
 * @example
 * ```js
 * const spec = new ClusterSpec({ worker: ['10.0.0.1:2222', '10.0.0.2:2222'] });
 * spec.taskAddress('worker', 1); // '10.0.0.2:2222'
 * ```
 */
export class ClusterSpec {
  readonly #jobs: JobMap;

  /**
   * @param cluster - For each job, the addresses (`host:port`) of its tasks.
   * @param source - What error messages call the cluster; by default, "The cluster".
   * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the value has another form. The message has the path to
   *   what is wrong.
   */
  constructor(cluster: Readonly<Record<string, JobAddresses>>, source: ValueSource = FROM_CODE) {
    this.#jobs = parseClusterSpec(cluster, source);
  }

  /** The names of the jobs, in the order in which they were given. */
  get jobs(): string[] {
    return [...this.#jobs.keys()];
  }

  /**
   * Counts the tasks of a job.
   *
   * @param job - The name of the job.
   * @returns The number of tasks that have an address.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there is no such job.
   */
  numTasks(job: string): number {
    return this.#tasksOf(job).size;
  }

  /**
   * Lists the tasks of a job.
   *
   * @param job - The name of the job.
   * @returns The indices of the tasks, ascending.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there is no such job.
   */
  taskIndices(job: string): number[] {
    return [...this.#tasksOf(job).keys()];
  }

  /**
   * Returns the address of a task.
   *
   * @param job - The name of the job.
   * @param index - The index of the task.
   * @returns The address, such as `10.0.0.2:2222`.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there is no such job or task.
   */
  taskAddress(job: string, index: number): string {
    const address = this.#tasksOf(job).get(index);
    if (address === undefined) throw unknownTask(`The job ${job} has no task with the index ${index}.`);
    return address;
  }

  /**
   * Lists the addresses of a job's tasks.
   *
   * @param job - The name of the job.
   * @returns One entry for each task index; `undefined` where an index has no task.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there is no such job.
   */
  jobTasks(job: string): (string | undefined)[] {
    const tasks = this.#tasksOf(job);
    return Array.from({ length: Math.max(-1, ...tasks.keys()) + 1 }, (_, index) => tasks.get(index));
  }

  /**
   * Returns the cluster as plain data, which JSON can hold.
   *
   * @returns For each job, a list of addresses, or an object from task indices to addresses if an index has no task.
   */
  asDict(): Record<string, JobAddresses> {
    return Object.fromEntries(
      [...this.#jobs].map(([job, tasks]) => {
        const isDense = tasks.size > 0 && Math.max(...tasks.keys()) + 1 === tasks.size;
        return [job, isDense ? [...tasks.values()] : Object.fromEntries(tasks)];
      }),
    );
  }

  #tasksOf(job: string): ReadonlyMap<number, string> {
    const tasks = this.#jobs.get(job);
    if (tasks === undefined) throw unknownTask(`The cluster has no job ${JSON.stringify(job)}.`);
    return tasks;
  }
}

function unknownTask(message: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.InvalidArgument, message, {
    hint: '`jobs` of the ClusterSpec lists the jobs.',
  });
}
