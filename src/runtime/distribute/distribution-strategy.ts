/** The interface of every distribution strategy. Types only. */
import type { CrossDeviceOps } from './cross-device-ops.js';
import type { Device } from './device.js';
import type { DistributedDataset } from './input/distributed-dataset.js';
import type { InputContext } from './input/input-context.js';
import type { ReduceOp } from './reduce-op.js';
import type { Combined, LocalValues } from './value-types.js';
import type { PerReplica } from './values.js';
import type { data, Tensor, TensorContainer } from '@tensorflow/tfjs';

/** The replica for which a value is made, as `tf.distribute.experimental.ValueContext`. */
export interface ValueContext {
  /** The replica's number, from 0 to `numReplicasInSync - 1`. */
  readonly replicaIdInSyncGroup: number;
  /** The number of replicas of the strategy. */
  readonly numReplicasInSync: number;
}

/** The members that every strategy has. The class `Strategy` documents each of them. */
export interface DistributionStrategy {
  /** The devices of this process's replicas, in replica order. */
  readonly devices: readonly Device[];
  /** How tensors of several replicas are combined. */
  readonly crossDeviceOps: CrossDeviceOps;
  /** The number of replicas over which gradients are aggregated. */
  readonly numReplicasInSync: number;
  /** Runs `fn` in the scope of the strategy. */
  scope<Result>(fn: () => Result): Result;
  /** Runs a synchronous function once on each replica. */
  run<Arguments extends readonly unknown[] | []>(
    fn: (...args: LocalValues<Arguments>) => unknown,
    args?: Arguments,
  ): unknown;
  /** Combines a value over the replicas. */
  reduce<Value>(operation: ReduceOp, value: Value, axis?: number | null): Combined<Value>;
  /** Concatenates the components of a value along an axis, in replica order. */
  gather<Value>(value: Value, axis: number): Combined<Value>;
  /** Makes a value with one component per replica. */
  distributeValuesFromFunction<Value>(fn: (context: ValueContext) => Value): PerReplica<Value>;
  /** The components of a value that belong to this process's replicas. */
  localResults<Component = Tensor>(value: unknown): Component[];
  /** Splits the batches of a dataset between the replicas. */
  distributeDataset(dataset: data.Dataset<TensorContainer>): DistributedDataset;
  /** Distributes a dataset that already yields batches of per-replica size. */
  distributeDatasetsFromFunction(
    fn: (context: InputContext) => data.Dataset<TensorContainer> | Promise<data.Dataset<TensorContainer>>,
  ): DistributedDataset;
}
