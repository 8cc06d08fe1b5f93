/**
 * What every distribution strategy does: open a scope, run a function on each replica, combine what comes out, deal out
 * data. Which devices there are is the subclass's business; how replicas run is the engine's.
 */
import type { Engine } from '../engines/engine.js';
import type { CommunicationOptions } from '../trace/communication-options.js';
import type { CrossDeviceOps } from './cross-device-ops.js';
import type { Device } from './device.js';
import type { InputContext } from './input/input-context.js';
import type { ReduceOp } from './reduce-op.js';
import type { Combined, LocalValues } from './value-types.js';
import type { data, Tensor, TensorContainer } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { watchModelConstruction } from '../layers/model-construction.js';

import { currentFrame, runInFrame } from './context.js';
import { DistributedDataset } from './input/distributed-dataset.js';
import { perReplicaBatches, splitBatches } from './input/replica-batches.js';
import { flattenStructure, isTensor, mapStructure, regroup, selectReplica } from './nest.js';
import { gatherLeaf, reduceLeaf } from './reduce-leaf.js';
import { checkReduceOp } from './replica-context.js';
import { runReplicas } from './run-replicas.js';
import { type AnyFunction, originalOf } from './traced-function.js';
import { DistributedValues, PerReplica } from './values.js';

/** What a strategy is made of. */
export interface StrategyParts {
  readonly engine: Engine;
  readonly devices: readonly Device[];
  readonly crossDeviceOps: CrossDeviceOps;
  readonly execution?: ExecutionOptions | undefined;
}

/** For which replica a value is made, as `tf.distribute.experimental.ValueContext`. */
export interface ValueContext {
  readonly replicaIdInSyncGroup: number;
  readonly numReplicasInSync: number;
}

/** How an engine carries the strategy's steps out. Engines that do not trace take no notice. */
export interface ExecutionOptions {
  readonly communication?: Partial<CommunicationOptions> | undefined;
  readonly runEagerly?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly gradientAccumulationSteps?: number | undefined;
}

/** A way to spread training over devices, as `tf.distribute.Strategy`. Make one of its subclasses. */
export abstract class Strategy {
  readonly engine: Engine;
  /** The device of each replica, in replica order. */
  readonly devices: readonly Device[];
  readonly crossDeviceOps: CrossDeviceOps;
  /** For the engine. */
  readonly execution: ExecutionOptions;

  protected constructor({ engine, devices, crossDeviceOps, execution }: StrategyParts) {
    this.engine = engine;
    this.devices = Object.freeze([...devices]);
    this.crossDeviceOps = crossDeviceOps;
    this.execution = execution ?? {};
  }

  /** The number of replicas over which gradients are aggregated. */
  get numReplicasInSync(): number {
    return this.devices.length;
  }

  /**
   * Runs `fn` in the scope of this strategy. Every `tf.LayersModel` and `tf.Sequential` that is constructed meanwhile,
   * returned or not, from then on trains, evaluates and predicts through the strategy.
   *
   * @param fn - May be async; the scope then lasts until its promise settles, and concerns only the code that it calls.
   * @returns What `fn` returns.
   * @throws {MirrorscopeError} `STRATEGY_MISUSE` inside the scope of another strategy, or inside a replica.
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
    return runInFrame({ strategy: this }, fn, watchModelConstruction(this.engine.tf));
  }

  /**
   * Runs a synchronous function once on each replica.
   *
   * @param fn - Called with `args`, in which distributed values are replaced by the replica's own component. Tensors that
   *   it does not return are released, as in `tf.tidy`. Up to its last collective it may be called more than once on the
   *   `logical` engine, so it should act on tensors and variables only. A function that `tfFunction` made is recorded and runs as
   *   one TensorFlow function a replica, side by side, with its collectives inside.
   * @returns What the replicas return, joined: `PerReplica` leaves, or the plain result when there is one replica.
   * @throws {MirrorscopeError} `REPLICA_FAILED` when the function throws on a replica; then no variable has changed.
   * @throws {MirrorscopeError} `STRATEGY_MISUSE` for an async function, or when called inside a replica.
   */
  run<Arguments extends readonly unknown[] | []>(
    fn: (...args: LocalValues<Arguments>) => unknown,
    args: Arguments = [] as unknown as Arguments,
  ): unknown {
    this.#requireCrossReplicaContext('run');
    requireFunction('run', fn);
    if (!Array.isArray(args)) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The arguments of run() must be a list.', {
        hint: 'For one argument: strategy.run(fn, [argument]).',
      });
    }
    this.#requireOwnValues(args);
    const replicaIds = this.devices.map((_, replica) => replica);
    const argumentsOf = (replicaId: number): LocalValues<Arguments> =>
      selectReplica(replicaId, args) as LocalValues<Arguments>;
    const original = originalOf(fn) as typeof fn | undefined;
    const eager = (): unknown[] =>
      runReplicas(this, replicaIds, (replicaId) => (original ?? fn)(...argumentsOf(replicaId)), true);
    const runTraced = original === undefined ? undefined : this.engine.runFunction?.bind(this.engine);
    return regroup(runTraced?.({ strategy: this, fn: original as AnyFunction, argumentsOf, eager }) ?? eager());
  }

  /**
   * Combines a value over the replicas.
   *
   * @param operation - `SUM` or `MEAN`.
   * @param value - A distributed value, or a structure of them, with tensors or numbers as components.
   * @param axis - Also reduce each component along this axis; `MEAN` then counts elements, so that replicas with fewer
   *   examples weigh less. `null`: over replicas only.
   * @returns The same structure of tensors.
   */
  reduce<Value>(operation: ReduceOp, value: Value, axis: number | null = null): Combined<Value> {
    this.#requireCrossReplicaContext('reduce');
    checkReduceOp(operation);
    return mapStructure(value, (leaf) => reduceLeaf(this, operation, leaf, axis)) as Combined<Value>;
  }

  /**
   * Joins the components of a value along an axis, in replica order.
   *
   * @param value - A distributed value, or a structure of them, with tensors of rank 1 or more.
   */
  gather<Value>(value: Value, axis: number): Combined<Value> {
    this.#requireCrossReplicaContext('gather');
    return mapStructure(value, (leaf) => gatherLeaf(this, leaf, axis)) as Combined<Value>;
  }

  /**
   * A value with a component of its own for each replica, as `experimental_distribute_values_from_function`.
   *
   * @param fn - Called once for each replica, in order.
   */
  distributeValuesFromFunction<Value>(fn: (context: ValueContext) => Value): PerReplica<Value> {
    this.#requireCrossReplicaContext('distributeValuesFromFunction');
    const { numReplicasInSync } = this;
    return new PerReplica(
      this.devices.map((_, replicaIdInSyncGroup) => fn({ replicaIdInSyncGroup, numReplicasInSync })),
    );
  }

  /** The components of a distributed value (or structure of them) in replica order; of any other value, itself alone. */
  localResults<Component = Tensor>(value: unknown): Component[] {
    if (value instanceof DistributedValues) return [...value.values] as Component[];
    const isStructure = value !== null && typeof value === 'object' && !isTensor(value);
    if (!isStructure) return [value as Component];
    return this.devices.map((_, replica) => selectReplica(replica, value) as Component);
  }

  /**
   * Deals the batches of a dataset out to the replicas.
   *
   * @param dataset - Yields global batches: a tensor, or nested arrays and objects of tensors with the batch first.
   * @returns An iterable of the same structures of `PerReplica` values. A replica left without examples gets 0 rows.
   */
  distributeDataset(dataset: data.Dataset<TensorContainer>): DistributedDataset {
    if (typeof (dataset as Partial<data.Dataset<TensorContainer>> | null | undefined)?.iterator !== 'function') {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'distributeDataset() takes a tf.data dataset.', {
        hint: 'For example: tf.data.array(rows).batch(globalBatchSize).',
      });
    }
    return new DistributedDataset(() => splitBatches(this, dataset), dataset.size);
  }

  /**
   * Deals out a dataset that already yields batches of per-replica size.
   *
   * @param fn - Makes the dataset; called once for this process with its input context.
   */
  distributeDatasetsFromFunction(
    fn: (context: InputContext) => data.Dataset<TensorContainer> | Promise<data.Dataset<TensorContainer>>,
  ): DistributedDataset {
    return new DistributedDataset(() => perReplicaBatches(this, fn), null);
  }

  /** Runs `fn` as code that belongs to all replicas together, wherever it is called from. For mirrorscope itself. */
  runInCrossReplicaContext<Result>(fn: () => Result): Result {
    return runInFrame({ strategy: this }, fn);
  }

  /** @throws {MirrorscopeError} `INVALID_ARGUMENT` for values that were made for another number of replicas. */
  #requireOwnValues(args: unknown): void {
    const other = flattenStructure(args).find(
      (leaf) => leaf instanceof DistributedValues && leaf.values.length !== this.numReplicasInSync,
    );
    if (other === undefined) return;
    const { length } = (other as DistributedValues).values;
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `A value of ${length} replicas was given to a strategy of ${this.numReplicasInSync}.`,
      {
        hint: 'Make values and datasets with the strategy that runs them.',
      },
    );
  }

  #requireCrossReplicaContext(method: string): void {
    const frame = currentFrame();
    if (frame === undefined || (frame.replica === undefined && frame.strategy === this)) return;
    const place = frame.replica === undefined ? 'the scope of another strategy' : 'a replica';
    throw new MirrorscopeError(ErrorCode.StrategyMisuse, `${method}() cannot be called inside ${place}.`, {
      hint: 'Call it outside strategy.run; inside a replica use getReplicaContext().allReduce or mergeCall.',
    });
  }
}

/** @throws {MirrorscopeError} `INVALID_ARGUMENT` when it is none. */
function requireFunction(method: string, fn: unknown): void {
  if (typeof fn === 'function') return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${method}() takes a function, not ${String(fn)}.`, {
    hint: `For example: strategy.${method}(() => { … }).`,
  });
}
