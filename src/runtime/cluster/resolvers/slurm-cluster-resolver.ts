/** The resolver for a job step of the Slurm workload manager. Reads and sets environment variables. */
import { clusterError } from './cluster-error.js';
import { ClusterResolver } from './cluster-resolver.js';
import { ClusterSpec } from './cluster-spec.js';
import { type Environment, requiredVariable, wholeNumber } from './environment-variables.js';
import { MAX_TASKS } from './parse-cluster-spec.js';
import { expandHostlist, expandTaskCounts } from './slurm-lists.js';
import { type SlurmNode, tasksByRank } from './slurm-task-order.js';

/** Options of {@link SlurmClusterResolver}. What is left out comes from the variables of Slurm. */
export interface SlurmClusterResolverOptions {
  /** The number of tasks of each job. By default, all tasks are workers. */
  readonly jobs?: Readonly<Record<string, number>> | undefined;
  /** The port of the first task on a node; the others have the next ports. Default: 8888. */
  readonly portBase?: number | undefined;
  /** How many tasks run on each node, or on each host by its name. */
  readonly tasksPerNode?: number | Readonly<Record<string, number>> | undefined;
  /** How many GPUs a node has. */
  readonly gpusPerNode?: number | undefined;
  /** How many GPUs a task uses. By default, the tasks of a node divide its GPUs. */
  readonly gpusPerTask?: number | undefined;
  /** Whether `clusterSpec` sets `CUDA_VISIBLE_DEVICES` to the GPUs of this task. Default: true. */
  readonly autoSetGpu?: boolean | undefined;
  /** The protocol between the processes. Default: `grpc`. */
  readonly rpcLayer?: string | undefined;
}

const DEFAULT_PORT = 8888;
const HINT = 'Start the program in a job step: srun node train.js.';

/**
 * Reads the cluster from the variables that Slurm sets in a job step, as
 * `tf.distribute.cluster_resolver.SlurmClusterResolver`. It runs no program: the GPUs of a node are counted from
 * `CUDA_VISIBLE_DEVICES` or `SLURM_GPUS_ON_NODE`.
 *
 * @example
 * ```js
 * // srun --nodes=4 --ntasks-per-node=1 node train.js
 * const resolver = new SlurmClusterResolver({ portBase: 9000 });
 * ```
 */
export class SlurmClusterResolver extends ClusterResolver {
  readonly taskType: string;
  readonly taskId: number;
  readonly rpcLayer: string;
  readonly #clusterSpec: ClusterSpec;
  readonly #gpus: readonly number[];
  readonly #gpusPerTask: number;
  readonly #setsGpus: boolean;

  /**
   * @param options - What to use instead of the variables.
   * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when a variable is missing or malformed, or when the variables
   *   contradict each other or the options.
   */
  constructor(options: SlurmClusterResolverOptions = {}) {
    super();
    const environment: Environment = process.env;
    const rank = numberOf(environment, 'SLURM_PROCID');
    const nodes = nodesOf(environment, options.tasksPerNode);
    const tasks = tasksByRank(nodes, environment.SLURM_DISTRIBUTION);
    const task = tasks[rank];
    if (task === undefined)
      throw clusterError(variable('SLURM_PROCID'), `is ${rank}, but the step has only ${tasks.length} tasks`);
    checkNode(environment, nodes, task.host);

    const portBase = options.portBase ?? DEFAULT_PORT;
    const addresses = tasks.map(({ host, localId }) => `${host}:${portBase + localId}`);
    const jobs = options.jobs ?? { worker: numberOf(environment, 'SLURM_STEP_NUM_TASKS') };
    const { spec, own } = dealTasks(jobs, addresses, rank);
    [this.taskType, this.taskId] = own;
    this.#clusterSpec = new ClusterSpec(spec, variable('The Slurm step'));
    this.rpcLayer = options.rpcLayer ?? 'grpc';

    const gpusPerNode = options.gpusPerNode ?? countGpus(environment);
    const mostTasks = Math.max(...nodes.map(({ taskCount }) => taskCount));
    this.#gpusPerTask = options.gpusPerTask ?? Math.floor(gpusPerNode / mostTasks);
    if (mostTasks * this.#gpusPerTask > gpusPerNode) {
      throw clusterError(
        variable('The option gpusPerTask'),
        `asks for ${this.#gpusPerTask} GPUs for each of ${mostTasks} tasks, but a node has ${gpusPerNode}`,
      );
    }
    this.#gpus = Array.from({ length: this.#gpusPerTask }, (_, index) => task.localId * this.#gpusPerTask + index);
    this.#setsGpus = options.autoSetGpu ?? true;
  }

  /**
   * Returns the cluster of the job step. Unless `autoSetGpu` is false, it also sets `CUDA_VISIBLE_DEVICES` to the GPUs
   * of this task, if there are any. TensorFlow reads that variable when it starts.
   *
   * @returns The cluster.
   */
  clusterSpec(): ClusterSpec {
    if (this.#setsGpus && this.#gpus.length > 0) process.env.CUDA_VISIBLE_DEVICES = this.#gpus.join(',');
    return this.#clusterSpec;
  }

  /**
   * Returns how many GPUs this task uses.
   *
   * @returns The number of GPUs.
   */
  override numAccelerators(): Readonly<Record<string, number>> {
    return { GPU: this.#gpusPerTask };
  }
}

function variable(name: string) {
  return { document: name, path: '' };
}

function numberOf(environment: Environment, name: string): number {
  return wholeNumber(requiredVariable(environment, name, HINT), name, { min: 0, max: MAX_TASKS - 1 });
}

function nodesOf(environment: Environment, tasksPerNode: SlurmClusterResolverOptions['tasksPerNode']): SlurmNode[] {
  if (typeof tasksPerNode === 'object')
    return Object.entries(tasksPerNode).map(([host, taskCount]) => ({ host, taskCount }));
  const name = 'SLURM_STEP_NODELIST';
  const hosts = expandHostlist(requiredVariable(environment, name, HINT), variable(name));
  const counts = tasksPerNode === undefined ? countsOf(environment, hosts.length) : hosts.map(() => tasksPerNode);
  return hosts.map((host, index) => ({ host, taskCount: counts[index] ?? 0 }));
}

function countsOf(environment: Environment, nodeCount: number): number[] {
  const name = 'SLURM_STEP_TASKS_PER_NODE';
  const counts = expandTaskCounts(requiredVariable(environment, name, HINT), variable(name));
  if (counts.length === nodeCount) return counts;
  throw clusterError(variable(name), `is about ${counts.length} nodes, but SLURM_STEP_NODELIST has ${nodeCount}`);
}

/** Gives the first tasks to the first job in alphabetical order, the next ones to the next job, as TensorFlow does. */
function dealTasks(jobs: Readonly<Record<string, number>>, addresses: readonly string[], rank: number) {
  const entries = Object.entries(jobs).sort(([left], [right]) => (left < right ? -1 : 1));
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  if (total !== addresses.length)
    throw clusterError(variable('The Slurm step'), `should have ${total} tasks, but Slurm started ${addresses.length}`);
  let first = 0;
  let own: [job: string, index: number] = ['worker', rank];
  const spec = entries.map(([job, count]): [job: string, addresses: readonly string[]] => {
    if (rank >= first && rank < first + count) own = [job, rank - first];
    first += count;
    return [job, addresses.slice(first - count, first)];
  });
  return { spec: Object.fromEntries(spec), own };
}

/** Slurm says which node this task runs on. If that is another one, other tasks would not find this one. */
function checkNode(environment: Environment, nodes: readonly SlurmNode[], host: string): void {
  const text = environment.SLURM_NODEID;
  if (text === undefined) return;
  const actual = nodes[wholeNumber(text, 'SLURM_NODEID', { min: 0, max: MAX_TASKS - 1 })]?.host;
  if (actual === host || actual === undefined) return;
  throw clusterError(
    variable('SLURM_NODEID'),
    `says that this task runs on ${actual}, but by its rank it would run on ${host}`,
    'Start the step with srun --distribution=block, or describe the cluster in TF_CONFIG.',
  );
}

function countGpus(environment: Environment): number {
  const visible = environment.CUDA_VISIBLE_DEVICES;
  if (visible !== undefined) return visible === '' ? 0 : visible.split(',').length;
  const onNode = environment.SLURM_GPUS_ON_NODE;
  return onNode === undefined ? 0 : wholeNumber(onNode, 'SLURM_GPUS_ON_NODE', { min: 0, max: 1000 });
}
