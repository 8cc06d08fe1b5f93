/** Turns the elements of a dataset into per-replica elements, one by one. */
import type { Strategy } from '../strategy.js';
import type { data, Tensor, TensorContainer } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { flattenStructure, isTensor, mapStructure, regroup } from '../nest.js';
import { splitRows } from '../split-batch.js';
import { PerReplica } from '../values.js';

import { InputContext } from './input-context.js';

type Dataset = data.Dataset<TensorContainer>;

async function* elements(dataset: Dataset): AsyncGenerator<unknown> {
  const iterator = await dataset.iterator();
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
}

function rowsOf(leaf: unknown): number {
  if (isTensor(leaf) && (leaf as Tensor).rank > 0) return (leaf as Tensor).shape[0] as number;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    'A dataset to distribute must yield tensors with a batch axis.',
    {
      hint: 'Call .batch(globalBatchSize) on the dataset first.',
    },
  );
}

function splitLeaf(strategy: Strategy, leaf: unknown): PerReplica {
  const tensor = leaf as Tensor;
  const { tf } = strategy.engine;
  const ranges = splitRows(rowsOf(leaf), strategy.numReplicasInSync);
  return new PerReplica(ranges.map(({ start, size }) => rowRange(tf, tensor, start, size)));
}

function rowRange(tf: Strategy['engine']['tf'], tensor: Tensor, start: number, size: number): Tensor {
  if (size === 0) return tf.zeros([0, ...tensor.shape.slice(1)], tensor.dtype as 'float32');
  return tf.slice(tensor, [start], [size]);
}

/** Each global batch as a structure of its replicas' rows; the batch itself is released. */
export async function* splitBatches(strategy: Strategy, dataset: Dataset): AsyncGenerator<unknown> {
  for await (const batch of elements(dataset)) {
    const whole = flattenStructure(batch) as Tensor[];
    if (strategy.numReplicasInSync === 1) {
      yield batch;
      continue;
    }
    const split = mapStructure(batch, (leaf) => splitLeaf(strategy, leaf));
    strategy.engine.tf.dispose(whole);
    yield split;
  }
}

/** One element of the dataset for each replica; after the end, replicas that have none get 0 rows of the same shape. */
export async function* perReplicaBatches(
  strategy: Strategy,
  makeDataset: (context: InputContext) => Dataset | Promise<Dataset>,
): AsyncGenerator<unknown> {
  const { numReplicasInSync } = strategy;
  const { tf } = strategy.engine;
  const context = new InputContext({ numInputPipelines: 1, inputPipelineId: 0, numReplicasInSync });
  let waiting: unknown[] = [];
  const none = (leaf: unknown): Tensor => rowRange(tf, leaf as Tensor, 0, 0);
  for await (const element of elements(await makeDataset(context))) {
    waiting.push(element);
    if (waiting.length < numReplicasInSync) continue;
    yield regroup(waiting);
    waiting = [];
  }
  if (waiting.length === 0) return;
  const first = waiting[0];
  while (waiting.length < numReplicasInSync) waiting.push(mapStructure(first, none));
  yield regroup(waiting);
}
