/** crossDeviceOps and bytesPerPack change how a traced step communicates, but not its results. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { transfersOf } from '../../../../src/runtime/distribute/cross-device-ops.js';
import {
  CollectiveAllReduce,
  type CrossDeviceOps,
  getReplicaContext,
  HierarchicalCopyAllReduce,
  MirroredStrategy,
  type MirroredStrategyOptions,
  NcclAllReduce,
  PerReplica,
  ReduceOp,
  ReductionToOneDevice,
  type ReplicaContext,
  tfFunction,
} from '../../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { expectSameTraining } from '../../support/compare-training.js';
import { MODEL_CASES, type ModelCase } from '../../support/model-cases.js';
import { SYNC_BATCH_NORMALIZATION_CASES } from '../../support/sync-batch-normalization-cases.js';
import { dependencies, type GraphNode, watchGraphs } from '../../support/traced-graphs.js';

function strategyOf(
  devices: number,
  { communicationOptions, ...options }: MirroredStrategyOptions = {},
): MirroredStrategy {
  return new MirroredStrategy({
    devices,
    engine: 'tensorflow',
    communicationOptions: { timeoutSeconds: 20, ...communicationOptions },
    ...options,
  });
}

const ALGORITHMS: readonly (new () => CrossDeviceOps)[] = [
  CollectiveAllReduce,
  NcclAllReduce,
  ReductionToOneDevice,
  HierarchicalCopyAllReduce,
];
const dense = MODEL_CASES[0] as ModelCase;
const synchronized = SYNC_BATCH_NORMALIZATION_CASES[1] as ModelCase;

/** A stack of dense layers, each wider than the one before. */
function stack(strategy: MirroredStrategy): tf.LayersModel {
  return strategy.scope(() => {
    const model = tf.sequential({
      layers: [2, 3, 4].map((units, index) => tf.layers.dense({ units, ...(index === 0 && { inputShape: [2] }) })),
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return model;
  });
}

const count = (graph: readonly GraphNode[], op: string): number => graph.filter((node) => node.op === op).length;

describe.skipIf(locateTensorFlow().files === undefined)('traced', () => {
  beforeAll(() => void strategyOf(4));

  describe.each(ALGORITHMS.map((Algorithm) => ({ name: new Algorithm().name, Algorithm })))(
    '$name',
    ({ Algorithm }) => {
      test.each([2, 3, 4])('%i replicas give the results of one device, with a ragged last batch', async (devices) => {
        const strategy = strategyOf(devices, {
          crossDeviceOps: new Algorithm(),
          communicationOptions: { bytesPerPack: 150 },
        });
        await expectSameTraining(dense, strategy, {
          rows: 15,
          batchSize: 8,
          optimizer: () => tf.train.momentum(0.05, 0.9),
        });
      });
      test('4 replicas, two of them idle, with collectives in the middle of the step', async () => {
        await expectSameTraining(synchronized, strategyOf(4, { crossDeviceOps: new Algorithm() }), {
          rows: 14,
          batchSize: 6,
        });
      });
    },
  );

  /** Lists the ops in the functions of one training step of three replicas. */
  const graphsOf = (crossDeviceOps: CrossDeviceOps): Promise<GraphNode[][]> =>
    watchGraphs(() => stack(strategyOf(3, { crossDeviceOps })).trainOnBatch(tf.ones([6, 2]), tf.ones([6, 4])));

  test('by default, all replicas share one function with one all-reduce', async () => {
    const graphs = await graphsOf(new CollectiveAllReduce());
    expect(graphs).toHaveLength(1);
    expect(count(graphs[0] as GraphNode[], 'CollectiveReduceV2')).toBe(1);
  });

  test('reduction to one device sends everything to the first device, which sends the sum back', async () => {
    const graphs = await graphsOf(new ReductionToOneDevice());
    expect(
      graphs.map((graph) =>
        ['CollectiveReduceV2', 'CollectiveBcastSendV2', 'CollectiveBcastRecvV2'].map((op) => count(graph, op)),
      ),
    ).toEqual([
      [0, 2, 2],
      [0, 1, 1],
      [0, 1, 1],
    ]);
  });

  test('a tfFunction that replicas run reduces the same way', async () => {
    const strategy = strategyOf(3, { crossDeviceOps: new ReductionToOneDevice() });
    const sum = tfFunction((x: tf.Tensor) => (getReplicaContext() as ReplicaContext).allReduce(ReduceOp.SUM, x));
    const own = new PerReplica([1, 2, 4].map((value) => tf.scalar(value)));
    let results: tf.Tensor[] = [];
    const graphs = await watchGraphs(() => {
      results = strategy.localResults(strategy.run(sum as never, [own]));
      return Promise.resolve();
    });
    expect(
      graphs.map((graph) =>
        ['CollectiveReduceV2', 'CollectiveBcastSendV2', 'CollectiveBcastRecvV2'].map((op) => count(graph, op)),
      ),
    ).toEqual([
      [0, 2, 2],
      [0, 1, 1],
      [0, 1, 1],
    ]);
    expect(results.map((tensor) => tensor.dataSync()[0])).toEqual([7, 7, 7]);
  });

  test('options that are undefined are the defaults', async () => {
    const communicationOptions = {
      timeoutSeconds: undefined as never,
      bytesPerPack: undefined as never,
      implementation: undefined as never,
    };
    const strategy = new MirroredStrategy({ devices: 3, engine: 'tensorflow', communicationOptions });
    const [graph = []] = await watchGraphs(() => stack(strategy).trainOnBatch(tf.ones([6, 2]), tf.ones([6, 4])));
    expect(count(graph, 'CollectiveReduceV2')).toBe(1);
    // The watchdog's marks.
    expect(count(graph, 'InplaceUpdate')).toBe(2);
  });

  test('hierarchical copy on three replicas adds a pair first', async () => {
    const graphs = await graphsOf(new HierarchicalCopyAllReduce());
    // 1 to 0, then 2 to 0; four replicas would have 1 to 0, 3 to 2, 2 to 0.
    expect(graphs.map((graph) => count(graph, 'CollectiveBcastSendV2'))).toEqual([2, 1, 1]);
    expect(transfersOf(new HierarchicalCopyAllReduce(), 4)).toEqual([
      { from: 1, to: 0 },
      { from: 3, to: 2 },
      { from: 2, to: 0 },
    ]);
  });

  test('gradients are sent in packs, starting with the last layer, without waiting for earlier layers', async () => {
    const strategy = strategyOf(2, { communicationOptions: { bytesPerPack: 64 } });
    const [graph = []] = await watchGraphs(() => stack(strategy).trainOnBatch(tf.ones([4, 2]), tf.ones([4, 4])));
    const packs = graph.filter(({ op }) => op === 'CollectiveReduceV2');
    // The last layer has 16 + 48 bytes; the layers before it have 12 + 24 + 8 + 16, and the loss.
    expect(packs).toHaveLength(2);
    const [last, first] = packs.map((pack) => dependencies(pack)) as [Set<GraphNode>, Set<GraphNode>];
    const products = (nodes: Set<GraphNode>): number => [...nodes].filter(({ op }) => op === 'MatMul').length;
    // Of three forward products, all but the last, which only the loss needs; of five gradient products, one.
    expect(products(last)).toBeLessThan(products(first));
    expect([...last].some(({ op }) => op === 'CollectiveReduceV2')).toBe(false);
    expect([...first].some(({ op }) => op === 'CollectiveReduceV2')).toBe(false);
  });

  test('an unlimited pack size gives one pack, a small one gives one pack per tensor', async () => {
    for (const [bytesPerPack, packs] of [
      [0, 1],
      [1, 7],
    ]) {
      const strategy = strategyOf(2, { communicationOptions: { bytesPerPack: bytesPerPack as number } });
      const [graph = []] = await watchGraphs(() => stack(strategy).trainOnBatch(tf.ones([4, 2]), tf.ones([4, 4])));
      expect(count(graph, 'CollectiveReduceV2')).toBe(packs);
    }
  });
});
