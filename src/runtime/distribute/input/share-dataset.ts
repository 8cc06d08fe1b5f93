/** Gives a process its share of a dataset. Touches the dataset. */
import type { StrategyParts } from '../strategy-parts.js';
import type { data, TensorContainer } from '@tensorflow/tfjs';

import { inputPeers } from './input-peers.js';
import { shareOfProcess } from './shardable-dataset.js';
import { shardedBatches } from './sharded-batches.js';

type Dataset = data.Dataset<TensorContainer>;

/** A dataset of global batches, of which this process reads its share. */
export interface SharedDataset {
  readonly dataset: Dataset;
  /** Releases rows that were read and not used. */
  dispose(): Promise<void>;
}

/**
 * Reads a dataset as its policy says.
 *
 * @param parts - The parts of the strategy.
 * @param dataset - The dataset of the program.
 * @returns The dataset to read; undefined if it is the given one, because all processes read the same batches. Reading
 *   it runs collectives, so every process must read it at the same point of the program.
 */
export function shareDataset(parts: StrategyParts, dataset: Dataset): SharedDataset | undefined {
  const { topology, runner } = parts;
  const peers = inputPeers(parts);
  if (peers === undefined) return undefined;
  const share = shareOfProcess(dataset, {
    numInputPipelines: topology.processCount,
    inputPipelineId: topology.processIndex,
  });
  if (share === undefined) return undefined;
  const started: AsyncGenerator[] = [];
  const iterator = (): Promise<unknown> => {
    const batches = shardedBatches({ tf: runner.tf, topology, peers, share });
    started.push(batches);
    return Promise.resolve(batches);
  };
  return {
    dataset: Object.create(dataset, { iterator: { value: iterator }, size: { value: null } }) as Dataset,
    async dispose() {
      await Promise.all(started.map((batches) => batches.return(undefined)));
    },
  };
}
