/** Strategies with replicas in several processes. The test simulates two processes, one after the other. */
import type { ReplicaGroup, ReplicaRunner } from '../../../src/runtime/distribute/ports/replica-runner.js';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { ReplicaTopology } from '../../../src/runtime/distribute/replica-topology.js';
import { assembleStrategy } from '../../../src/runtime/distribute/strategy-parts.js';
import { LogicalEngine } from '../../../src/runtime/engines/logical/logical-engine.js';
import {
  CollectiveAllReduce,
  getReplicaContext,
  type InputContext,
  MirroredStrategy,
  PerReplica,
  ReduceOp,
  Strategy,
} from '../../../src/runtime/index.js';
import { createModelScope } from '../../../src/runtime/layers/model-scope.js';

/** Two processes with two and three replicas. */
const REPLICAS_PER_PROCESS = [2, 3];

const device = (index: number): { name: string; type: string; index: number } => ({
  name: `/job:worker/task:1/device:CPU:${index}`,
  type: 'CPU',
  index,
});

function topologyOf(processIndex: number): ReplicaTopology {
  const count = REPLICAS_PER_PROCESS[processIndex] ?? 0;
  const devices = Array.from({ length: count }, (_, index) => device(index));
  return new ReplicaTopology(devices, { processIndex, replicasPerProcess: REPLICAS_PER_PROCESS });
}

/** The tensors that a process sends to the other one, in order. */
type Exchange = tf.Tensor[];

/**
 * Runs the replicas of one simulated process. Appends what it sends to `sent`, and takes what it receives from
 * `received`.
 */
class ProcessRunner implements ReplicaRunner {
  readonly name = 'process';
  readonly #engine = new LogicalEngine();
  readonly #sent: Exchange;
  readonly #received: Exchange;

  constructor(sent: Exchange = [], received: Exchange = []) {
    this.#sent = sent;
    this.#received = [...received];
  }

  get tf(): typeof tf {
    return this.#engine.tf;
  }

  runReplicas: ReplicaRunner['runReplicas'] = (task) => this.#engine.runReplicas(task);

  reduce(group: ReplicaGroup, operation: ReduceOp, tensors: readonly tf.Tensor[]): tf.Tensor {
    const own = this.#send(this.#engine.reduce(group, ReduceOp.SUM, tensors));
    const other = this.#received.shift();
    const sum = other === undefined ? own : tf.add(own, other);
    return operation === ReduceOp.MEAN ? tf.div(sum, group.topology.replicaCount) : sum;
  }

  gather(group: ReplicaGroup, tensors: readonly tf.Tensor[], axis: number): tf.Tensor {
    const own = this.#send(this.#engine.gather(group, tensors, axis));
    const other = this.#received.shift();
    return other === undefined ? own : tf.concat([other, own], axis);
  }

  #send(own: tf.Tensor): tf.Tensor {
    this.#sent.push(tf.keep(tf.clone(own)));
    return own;
  }
}

class ProcessStrategy extends Strategy {
  constructor(processIndex: number, runner: ReplicaRunner = new ProcessRunner()) {
    super();
    assembleStrategy(this, {
      runner,
      topology: topologyOf(processIndex),
      crossDeviceOps: new CollectiveAllReduce(),
      execution: {},
      modelScope: createModelScope(runner),
    });
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the topology', () => {
  test('numbers replicas over all processes', () => {
    const [first, second] = [topologyOf(0), topologyOf(1)];
    expect([first.localReplicaIds, second.localReplicaIds]).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect([first.replicaCount, second.replicaCount]).toEqual([5, 5]);
    expect(second.localIndexOf(3)).toBe(1);
    expect(second.deviceOf(3)?.index).toBe(1);
    expect(second.deviceOf(0)).toBeUndefined();
  });

  test('splits rows by the global number of the replica', () => {
    expect(topologyOf(0).localRows(12)).toEqual([
      { start: 0, size: 3 },
      { start: 3, size: 3 },
    ]);
    expect(topologyOf(1).localRows(12)).toEqual([
      { start: 6, size: 2 },
      { start: 8, size: 2 },
      { start: 10, size: 2 },
    ]);
  });

  test('with fewer rows than replicas, the last replicas of the last process are idle', () => {
    const second = topologyOf(1);
    expect(second.participants(3)).toBe(3);
    expect(second.localShares(3)).toEqual([{ replicaId: 2, rows: { start: 2, size: 1 }, weight: 1 / 3 }]);
    expect(topologyOf(1).localShares(2)).toEqual([]);
  });

  test('rejects a process with more or fewer devices than replicas', () => {
    expect(() => new ReplicaTopology([device(0)], { processIndex: 1, replicasPerProcess: [1, 2] })).toThrow(RangeError);
  });
});

describe('a strategy in the second process', () => {
  test('counts all replicas, and lists the devices of its process', () => {
    const strategy = new ProcessStrategy(1);
    expect(strategy.numReplicasInSync).toBe(5);
    expect(strategy.devices.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('run runs the local replicas with their global numbers', () => {
    const strategy = new ProcessStrategy(1);
    const result = strategy.run(
      (own: number) => {
        const context = getReplicaContext();
        return `${String(context?.replicaIdInSyncGroup)} of ${String(context?.numReplicasInSync)}: ${own}`;
      },
      [new PerReplica([10, 20, 30])],
    );
    expect(strategy.localResults(result)).toEqual(['2 of 5: 10', '3 of 5: 20', '4 of 5: 30']);
  });

  test('accepts values only for its local replicas', () => {
    const strategy = new ProcessStrategy(1);
    expect(() => strategy.run(() => 0, [new PerReplica([1, 2, 3, 4, 5])])).toThrow(
      'A value for 5 replicas was passed to a strategy with 3.',
    );
  });

  test('makes values for its local replicas, with their global numbers', () => {
    const made = new ProcessStrategy(1).distributeValuesFromFunction(
      ({ replicaIdInSyncGroup, numReplicasInSync }) => `${replicaIdInSyncGroup}/${numReplicasInSync}`,
    );
    expect(made.values).toEqual(['2/5', '3/5', '4/5']);
  });

  test('takes the rows of its replicas from a global batch', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => row);
    const dataset = new ProcessStrategy(1).distributeDataset(tf.data.array(rows).batch(12));
    const { value } = (await dataset.iterator().next()) as IteratorResult<PerReplica, PerReplica>;
    const parts = value.values.map((part) => Array.from(part.dataSync()));
    expect(parts).toEqual([
      [6, 7],
      [8, 9],
      [10, 11],
    ]);
  });

  test('tells the function that makes a dataset which process it runs in', async () => {
    let seen: InputContext | undefined;
    const dataset = new ProcessStrategy(1).distributeDatasetsFromFunction((context) => {
      seen = context;
      return tf.data.array([0, 1, 2, 3]).batch(context.getPerReplicaBatchSize(5));
    });
    const { value } = (await dataset.iterator().next()) as IteratorResult<PerReplica, PerReplica>;
    expect(seen).toMatchObject({ numInputPipelines: 2, inputPipelineId: 1, numReplicasInSync: 5 });
    expect(value.values).toHaveLength(3);
  });

  test('names the device of a replica that fails', () => {
    expect(() =>
      new ProcessStrategy(1).run(() => {
        if (getReplicaContext()?.replicaIdInSyncGroup === 3) throw new Error('broken');
      }),
    ).toThrow('Replica 3 on /job:worker/task:1/device:CPU:1 failed: broken');
  });

  test('reduces and gathers with the values of the first process', () => {
    const received = [tf.scalar(3), tf.scalar(3), tf.tensor1d([1, 2])];
    const strategy = new ProcessStrategy(1, new ProcessRunner([], received));
    const values = new PerReplica([tf.scalar(10), tf.scalar(20), tf.scalar(30)]);
    expect(strategy.reduce(ReduceOp.SUM, values).dataSync()).toEqual(Float32Array.of(63));
    expect(strategy.reduce(ReduceOp.MEAN, values).dataSync()[0]).toBeCloseTo(63 / 5, 5);
    const rows = new PerReplica([tf.tensor1d([3]), tf.tensor1d([4]), tf.tensor1d([5, 6])]);
    expect(strategy.gather(rows, 0).dataSync()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });
});

describe('a model gives the same results in two processes and in one', () => {
  const [x, y] = [tf.randomNormal([12, 4], 0, 1, 'float32', 1), tf.randomNormal([12, 2], 0, 1, 'float32', 2)];

  function build(strategy: Strategy): tf.Sequential {
    return strategy.scope(() => {
      const model = tf.sequential();
      model.add(tf.layers.dense({ units: 3, inputShape: [4], activation: 'tanh' }));
      model.add(tf.layers.dense({ units: 2 }));
      model.setWeights([tf.fill([4, 3], 0.3), tf.zeros([3]), tf.fill([3, 2], -0.2), tf.zeros([2])]);
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError', metrics: ['mae'] });
      return model;
    });
  }

  /** Uses a model in one process with five replicas, and in the second of two processes. */
  async function outcomes<Outcome>(use: (model: tf.Sequential) => Promise<Outcome> | Outcome): Promise<Outcome[]> {
    const whole = await use(build(new MirroredStrategy({ devices: 5, engine: 'logical' })));
    // What a process sends does not depend on what it receives, so the first one may run before the second.
    const sent: Exchange = [];
    await use(build(new ProcessStrategy(0, new ProcessRunner(sent))));
    return [whole, await use(build(new ProcessStrategy(1, new ProcessRunner([], sent))))];
  }

  test('train on a batch', async () => {
    const [whole, part] = await outcomes(async (model) => {
      const values = (await model.trainOnBatch(x, y)) as number[];
      return [...values, ...model.getWeights().flatMap((weight) => Array.from(weight.dataSync()))];
    });
    expect(part?.length).toBe(whole?.length);
    part?.forEach((value, index) => {
      expect(value).toBeCloseTo(whole?.[index] ?? NaN, 5);
    });
  });

  test('evaluate', async () => {
    const [whole, part] = await outcomes((model) =>
      (model.evaluate(x, y, { batchSize: 12 }) as tf.Scalar[]).map((value) => value.dataSync()[0]),
    );
    expect(part).toHaveLength(2);
    part?.forEach((value, index) => {
      expect(value).toBeCloseTo(whole?.[index] ?? NaN, 5);
    });
  });

  test('predict', async () => {
    const [whole, part] = await outcomes((model) => (model.predict(x, { batchSize: 12 }) as tf.Tensor).arraySync());
    expect(part).toEqual(whole);
  });
});
