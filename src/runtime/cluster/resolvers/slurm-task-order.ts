/** Which node each task of a Slurm step runs on. Pure. */
import { clusterError } from './cluster-error.js';

/** A node of the step and how many tasks run on it. */
export interface SlurmNode {
  readonly host: string;
  readonly taskCount: number;
}

/** The place of a task. */
export interface SlurmTask {
  readonly host: string;
  /** The number of the task among those of its node, from 0. */
  readonly localId: number;
}

/**
 * Lists the tasks of a step in the order of their ranks.
 *
 * @param nodes - The nodes, in Slurm's order.
 * @param distribution - The variable `SLURM_DISTRIBUTION`: how Slurm deals tasks to nodes. By default, `block`.
 * @returns One task for each rank.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` for a distribution that cannot be derived from the variables.
 */
export function tasksByRank(nodes: readonly SlurmNode[], distribution = 'block'): SlurmTask[] {
  const tasks = nodes.map(({ host, taskCount }) =>
    Array.from({ length: taskCount }, (_, localId) => ({ host, localId })),
  );
  const [ofNodes = ''] = distribution.toLowerCase().split(/[:,]/);
  if (nodes.length < 2 || ofNodes === 'block' || ofNodes === '*' || ofNodes === '') return tasks.flat();
  if (ofNodes === 'cyclic') {
    const rounds = Math.max(...nodes.map(({ taskCount }) => taskCount));
    return Array.from({ length: rounds }, (_, round) =>
      tasks.flatMap((ofNode) => ofNode.slice(round, round + 1)),
    ).flat();
  }
  throw clusterError(
    { document: 'SLURM_DISTRIBUTION', path: '' },
    `must be block or cyclic; with ${ofNodes}, the variables do not say on which node a task runs`,
    'Start the step with srun --distribution=block, or describe the cluster in TF_CONFIG.',
  );
}
