/** What the processes of a strategy tell each other about their input. Runs collectives. */
import type { StrategyParts } from '../strategy-parts.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ReduceOp } from '../reduce-op.js';

/** The processes that read one dataset. Each calls these methods in the same order. */
export interface InputPeers {
  /** Tells every process a text. @returns The texts of all. */
  exchange(text: string): string[] | Promise<string[]>;
  /** Tells every process a number of rows. @returns The numbers of all. */
  counts(rows: number): Promise<number[]>;
  /** Concatenates the rows of all processes, in their order. @param rows - Undefined: this process has none. */
  gather(rows: Tensor | undefined): Tensor | Promise<Tensor>;
}

/**
 * Reaches the other processes of a strategy.
 *
 * @param parts - The parts of the strategy.
 * @returns The processes; undefined when there is only this one.
 */
export function inputPeers(parts: StrategyParts): InputPeers | undefined {
  const { cluster, runner, topology } = parts;
  if (cluster === undefined || topology.processCount === 1) return undefined;
  const { tf } = runner;
  return {
    exchange: (text) => cluster.exchange(cluster.nextName('dataset'), text, 'description of its dataset'),
    async counts(rows) {
      const sum = tf.tidy(() => {
        const own = Array.from({ length: topology.processCount }, (_, process) =>
          process === topology.processIndex ? rows : 0,
        );
        return runner.reduce(parts, ReduceOp.SUM, [tf.tensor1d(own, 'int32')]);
      });
      const counts = [...(await sum.data())];
      tf.dispose(sum);
      return counts;
    },
    gather: (rows) => runner.gather(parts, rows === undefined ? [] : [rows], 0),
  };
}
