/** Checks the JSON form of a cluster: jobs, task indices and addresses, in bounded numbers. Pure. */
import { parseAddress } from './address.js';
import { clusterError, itemOf, propertyOf, shortJson, type ValueSource } from './cluster-error.js';

/** For each job, the addresses of its tasks by their indices. */
export type JobMap = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** The largest number of tasks in a cluster. */
export const MAX_TASKS = 10_000;
const MAX_JOBS = 100;
// TensorFlow puts the name of a job into the names of devices: /job:worker/replica:0/task:0.
const JOB_NAME = /^[A-Za-z]\w{0,99}$/;
const TASK_INDEX = /^\d{1,9}$/;

/**
 * Parses the JSON form of a cluster.
 *
 * @param value - Any JSON value.
 * @param source - Where the value comes from, for messages.
 * @returns The jobs, in the order of the value. The tasks of a job are in ascending order.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` for the first problem in the value.
 */
export function parseClusterSpec(value: unknown, source: ValueSource): JobMap {
  if (!isObject(value)) {
    throw clusterError(
      source,
      `must be an object from the names of jobs to lists of addresses; it is ${shortJson(value)}`,
    );
  }
  const jobs = Object.entries(value);
  if (jobs.length > MAX_JOBS) throw clusterError(source, `has ${jobs.length} jobs; ${MAX_JOBS} are the most`);
  const firstUses = new Map<string, ValueSource>();
  return new Map(jobs.map(([name, tasks]) => [name, parseJob(name, tasks, propertyOf(source, name), firstUses)]));
}

function parseJob(
  name: string,
  tasks: unknown,
  source: ValueSource,
  firstUses: Map<string, ValueSource>,
): ReadonlyMap<number, string> {
  if (!JOB_NAME.test(name)) {
    throw clusterError(
      source,
      'is no name for a job; a name has letters, digits and underscores, and starts with a letter',
    );
  }
  return new Map(
    entriesOf(tasks, source).map(([index, address, place]) => {
      parseAddress(address, place);
      const first = firstUses.get(address as string);
      if (first !== undefined) {
        throw clusterError(
          place,
          `is the same address as \`${first.path}\`: ${shortJson(address)}`,
          'Each task needs an address of its own.',
        );
      }
      firstUses.set(address as string, place);
      if (firstUses.size > MAX_TASKS) throw clusterError(place, `is one task too many; ${MAX_TASKS} are the most`);
      return [index, address as string];
    }),
  );
}

/** The tasks of a job with their indices, ascending. */
function entriesOf(tasks: unknown, source: ValueSource): [index: number, address: unknown, source: ValueSource][] {
  if (Array.isArray(tasks)) {
    if (tasks.length > MAX_TASKS) throw clusterError(source, `has ${tasks.length} tasks; ${MAX_TASKS} are the most`);
    return tasks.map((address, index) => [index, address, itemOf(source, index)]);
  }
  if (!isObject(tasks)) {
    throw clusterError(
      source,
      `must be a list of addresses, or an object from task indices to addresses; it is ${shortJson(tasks)}`,
    );
  }
  const entries = Object.entries(tasks).map(([key, address]): [number, unknown, ValueSource] => {
    const place = propertyOf(source, key);
    const index = Number(key);
    if (!TASK_INDEX.test(key) || index >= MAX_TASKS) {
      throw clusterError(place, `must have a task index from 0 to ${MAX_TASKS - 1} as its name`);
    }
    return [index, address, place];
  });
  const sorted = entries.sort(([left], [right]) => left - right);
  const repeated = sorted.find(([index], position) => sorted[position - 1]?.[0] === index);
  if (repeated !== undefined) throw clusterError(repeated[2], `gives task ${repeated[0]} a second address`);
  return sorted;
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
