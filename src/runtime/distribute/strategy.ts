/**
 * The base class of all strategies: opens scopes, runs functions on each replica, combines the results, distributes
 * datasets. The subclass chooses the devices; the engine behind the replica runner runs the replicas.
 */
import type { CrossDeviceOps } from './cross-device-ops.js';
import type { Device } from './device.js';
import type { DistributionStrategy, ValueContext } from './distribution-strategy.js';
import type { InputContext } from './input/input-context.js';
import type { ReduceOp } from './reduce-op.js';
import type { AnyFunction } from './traced-function.js';
import type { Combined, LocalValues } from './value-types.js';
import type { data, Tensor, TensorContainer } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { ignoringEmptyBatches } from '../tfjs/batch-normalization-updates.js';

import { aggregatingGradients } from './aggregate-gradients.js';
import { currentFrame, runInFrame } from './context.js';
import { isDistributedVariable } from './distributed-variable.js';
import { DistributedDataset } from './input/distributed-dataset.js';
import { perReplicaBatches, splitBatches } from './input/replica-batches.js';
import { isTensor, mapStructure, regroup, selectReplica } from './nest.js';
import { gatherLeaf, reduceLeaf } from './reduce-leaf.js';
import { checkReduceOp } from './reduce-op.js';
import { runReplicas } from './run-replicas.js';
import { requireCrossReplicaContext, requireFunction, requireOwnValues } from './strategy-checks.js';
import { partsOf } from './strategy-parts.js';
import { originalOf } from './traced-function.js';
import { DistributedValues, PerReplica } from './values.js';

/**
 * Distributes training over devices, as `tf.distribute.Strategy`. Construct one of its subclasses.
 *
 * @example
 * ```js
 * const strategy = new MirroredStrategy({ devices: 2 });
 * const model = strategy.scope(() => {
 *   const built = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
 *   built.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
 *   return built;
 * });
 * await model.fit(x, y, { batchSize: 64 }); // Each replica computes 32 rows of each batch.
 * ```
 */
export abstract class Strategy implements DistributionStrategy {
  /** The devices of this process's replicas, in replica order. */
  get devices(): readonly Device[] {
    return partsOf(this).topology.localDevices;
  }

  /** How tensors of several replicas are combined. */
  get crossDeviceOps(): CrossDeviceOps {
    return partsOf(this).crossDeviceOps;
  }

  /** The number of replicas over which gradients are aggregated. */
  get numReplicasInSync(): number {
    return partsOf(this).topology.replicaCount;
  }

  /**
   * Runs `fn` in the scope of this strategy. Every `tf.LayersModel` and `tf.Sequential` that code constructs in the
   * scope trains, evaluates and predicts through the strategy from then on.
   *
   * @param fn - Constructs and compiles models. It may be async: the scope then lasts until its promise settles, and
   *   covers only the code that `fn` calls.
   * @returns The result of `fn`.
   * @throws {MirrorscopeError} `STRATEGY_MISUSE` inside the scope of another strategy, or inside a replica;
   *   `INVALID_ARGUMENT` when `fn` is not a function.
   */
  scope<Result>(fn: () => Result): Result {
    requireFunction('scope', fn);
    const frame = currentFrame();
    if (frame?.replica !== undefined) {
      throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'scope() cannot be opened inside a replica.', {
        hint: 'Open the scope before strategy.run, or use getReplicaContext().mergeCall.',
      });
    }
    if (frame !== undefined && frame.strategy !== this) {
      throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'The scope of another strategy is already open here.', {
        hint: 'Use one strategy for one model: end the outer scope first, or reuse its strategy.',
      });
    }
    return runInFrame({ strategy: this }, fn, partsOf(this).modelScope.open());
  }

  /**
   * Runs a synchronous function once on each replica.
   *
   * @param fn - Gets `args`, with the replica's own component in place of each distributed value. Tensors that it does
   *   not return are released, as in `tf.tidy`. The `logical` engine may repeat it from its start after each
   *   collective, so it should act on tensors and variables only. A function made by `tfFunction` runs as one
   *   TensorFlow function per replica, all replicas in parallel, with its collectives inside.
   * @param args - The arguments of `fn`. Default: none.
   * @returns The results of the replicas, joined: `PerReplica` leaves, or the plain result when there is one replica.
   * @throws {MirrorscopeError} `REPLICA_FAILED` when the function throws on a replica; then no variable has changed.
   * @throws {MirrorscopeError} `STRATEGY_MISUSE` for an async function, or when called inside a replica.
   *
   * @example
   * ```js
   * const losses = strategy.run((batch) => tf.mean(tf.square(batch)), [perReplicaBatch]);
   * const loss = strategy.reduce(ReduceOp.MEAN, losses);
   * ```
   */
  run<Arguments extends readonly unknown[] | []>(
    fn: (...args: LocalValues<Arguments>) => unknown,
    args: Arguments = [] as unknown as Arguments,
  ): unknown {
    requireCrossReplicaContext(this, 'run');
    requireFunction('run', fn);
    if (!Array.isArray(args)) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The arguments of run() must be a list.', {
        hint: 'For one argument: strategy.run(fn, [argument]).',
      });
    }
    requireOwnValues(partsOf(this).topology, args);
    const { runner, topology } = partsOf(this);
    const argumentsOf = (replicaId: number): LocalValues<Arguments> =>
      selectReplica(topology.localIndexOf(replicaId), args) as LocalValues<Arguments>;
    const original = originalOf(fn) as typeof fn | undefined;
    const eager = (): unknown[] =>
      runReplicas(this, topology.localReplicaIds, (replicaId) => (original ?? fn)(...argumentsOf(replicaId)), true);
    const runTraced = original === undefined ? undefined : runner.runFunction?.bind(runner);
    const run = (): unknown[] =>
      runTraced?.({ strategy: this, fn: original as AnyFunction, argumentsOf, eager }) ?? eager();
    const { tf } = runner;
    if (!topology.isReplicated) return regroup(run());
    return regroup(ignoringEmptyBatches(tf, () => aggregatingGradients(tf, run)));
  }

  /**
   * Combines a value over the replicas.
   *
   * @param operation - `SUM` or `MEAN`.
   * @param value - A distributed value, or a structure of them, with tensors or numbers as components: of one shape and
   *   dtype; sizes along `axis` may differ.
   * @param axis - Also reduce each component along this axis. `MEAN` then counts elements, so a replica with fewer
   *   examples weighs less. `null`: reduce over replicas only.
   * @returns The same structure of new tensors, without `axis`.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` for a sum of a value that is not distributed, and for other
   *   components; `STRATEGY_MISUSE` inside a replica.
   */
  reduce<Value>(operation: ReduceOp, value: Value, axis: number | null = null): Combined<Value> {
    requireCrossReplicaContext(this, 'reduce');
    const checked = checkReduceOp(operation);
    return mapStructure(value, (leaf) => reduceLeaf(partsOf(this), checked, leaf, axis)) as Combined<Value>;
  }

  /**
   * Concatenates the components of a value along an axis, in replica order.
   *
   * @param value - A distributed value, or a structure of them, with tensors of rank 1 or more and equal sizes along
   *   every other axis.
   * @param axis - The axis; negative axes count from the last.
   * @returns The same structure of new tensors.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` for scalars; `STRATEGY_MISUSE` inside a replica.
   */
  gather<Value>(value: Value, axis: number): Combined<Value> {
    requireCrossReplicaContext(this, 'gather');
    return mapStructure(value, (leaf) => gatherLeaf(partsOf(this), leaf, axis)) as Combined<Value>;
  }

  /**
   * Makes a value with one component per replica, as `experimental_distribute_values_from_function`.
   *
   * @param fn - Makes one component. It runs once for each replica of this process, in replica order.
   * @returns The components as one value.
   * @throws {MirrorscopeError} `STRATEGY_MISUSE` inside a replica.
   */
  distributeValuesFromFunction<Value>(fn: (context: ValueContext) => Value): PerReplica<Value> {
    requireCrossReplicaContext(this, 'distributeValuesFromFunction');
    const { localReplicaIds, replicaCount } = partsOf(this).topology;
    return new PerReplica(
      localReplicaIds.map((replicaIdInSyncGroup) => fn({ replicaIdInSyncGroup, numReplicasInSync: replicaCount })),
    );
  }

  /**
   * Lists the components of a value that belong to the replicas of this process.
   *
   * @param value - A distributed value, or a structure of them, or any other value.
   * @returns The components in replica order, also of a variable that `variable` made; any other value as the only
   *   element.
   */
  localResults<Component = Tensor>(value: unknown): Component[] {
    if (value instanceof DistributedValues) return [...(value as DistributedValues<Component>).values];
    if (isDistributedVariable(value)) return [...value.values] as Component[];
    const isStructure = value !== null && typeof value === 'object' && !isTensor(value);
    if (!isStructure) return [value as Component];
    const { localReplicaIds } = partsOf(this).topology;
    return localReplicaIds.map((_, index) => selectReplica(index, value) as Component);
  }

  /**
   * Splits the batches of a dataset between the replicas.
   *
   * @param dataset - Yields global batches: a tensor, or nested arrays and objects of tensors with the batch first.
   *   Several processes share it as its {@link AutoShardPolicy} says.
   * @returns An iterable of the same structures of `PerReplica` values. A replica without examples gets tensors of 0
   *   rows.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when `dataset` is not a dataset.
   *
   * @example
   * ```js
   * const dataset = tf.data.zip({ xs, ys }).batch(64);
   * for await (const batch of strategy.distributeDataset(dataset)) strategy.run(trainStep, [batch]);
   * ```
   */
  distributeDataset(dataset: data.Dataset<TensorContainer>): DistributedDataset {
    if (typeof (dataset as Partial<data.Dataset<TensorContainer>> | null | undefined)?.iterator !== 'function') {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'distributeDataset() takes a tf.data dataset.', {
        hint: 'For example: tf.data.array(rows).batch(globalBatchSize).',
      });
    }
    return new DistributedDataset(() => splitBatches(partsOf(this), dataset), dataset.size);
  }

  /**
   * Distributes a dataset that already yields batches of per-replica size.
   *
   * @param fn - Makes the dataset. It runs once for this process, each time the result is iterated.
   * @returns An iterable of structures of `PerReplica` values: one element of the dataset for each replica.
   */
  distributeDatasetsFromFunction(
    fn: (context: InputContext) => data.Dataset<TensorContainer> | Promise<data.Dataset<TensorContainer>>,
  ): DistributedDataset {
    return new DistributedDataset(() => perReplicaBatches(partsOf(this), fn), null);
  }
}
