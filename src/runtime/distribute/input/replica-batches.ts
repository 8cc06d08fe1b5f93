/** Turns the elements of a dataset into per-replica elements, one by one. Touches tensors only. */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { RowRange } from '../split-batch.js';
import type { StrategyParts } from '../strategy-parts.js';
import type { data, Tensor, TensorContainer } from '@tensorflow/tfjs';

import { flattenStructure, mapStructure, regroup } from '../nest.js';

import { rowsOf } from './batch-rows.js';
import { InputContext } from './input-context.js';
import { shareDataset } from './share-dataset.js';

type Dataset = data.Dataset<TensorContainer>;

async function* elements(dataset: Dataset): AsyncGenerator {
  const iterator = await dataset.iterator();
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
}

function rowRange(tf: TensorFlowJs, tensor: Tensor, { start, size }: RowRange): Tensor {
  if (size === 0) return tf.zeros([0, ...tensor.shape.slice(1)], tensor.dtype);
  return tf.slice(tensor, [start], [size]);
}

/** Splits each global batch into the rows of the local replicas, and releases the batch. */
export async function* splitBatches(parts: StrategyParts, dataset: Dataset): AsyncGenerator {
  const shared = shareDataset(parts, dataset);
  try {
    yield* splitGlobalBatches(parts, shared?.dataset ?? dataset);
  } finally {
    await shared?.dispose();
  }
}

async function* splitGlobalBatches(parts: StrategyParts, dataset: Dataset): AsyncGenerator {
  const { topology, runner } = parts;
  const { tf } = runner;
  for await (const batch of elements(dataset)) {
    if (!topology.isReplicated) {
      yield batch;
      continue;
    }
    const ofReplica = (index: number): unknown =>
      mapStructure(batch, (leaf) => {
        const range = topology.localRows(rowsOf(leaf))[index] ?? { start: 0, size: 0 };
        return rowRange(tf, leaf as Tensor, range);
      });
    const split = regroup(topology.localReplicaIds.map((_, index) => ofReplica(index)));
    tf.dispose(flattenStructure(batch) as Tensor[]);
    yield split;
  }
}

/**
 * Takes one element of the dataset for each local replica. If the dataset ends too early, the remaining replicas get 0
 * rows.
 */
export async function* perReplicaBatches(
  { topology, runner }: StrategyParts,
  makeDataset: (context: InputContext) => Dataset | Promise<Dataset>,
): AsyncGenerator {
  const { localReplicaCount } = topology;
  const context = new InputContext({
    numInputPipelines: topology.processCount,
    inputPipelineId: topology.processIndex,
    numReplicasInSync: topology.replicaCount,
  });
  let waiting: unknown[] = [];
  const noRows = (leaf: unknown): Tensor => rowRange(runner.tf, leaf as Tensor, { start: 0, size: 0 });
  for await (const element of elements(await makeDataset(context))) {
    waiting.push(element);
    if (waiting.length < localReplicaCount) continue;
    yield regroup(waiting);
    waiting = [];
  }
  if (waiting.length === 0) return;
  const first = waiting[0];
  while (waiting.length < localReplicaCount) waiting.push(mapStructure(first, noRows));
  yield regroup(waiting);
}
