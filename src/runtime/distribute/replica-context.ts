/**
 * The interface of code on one replica: its number, all-reduce, gather, and merge with the other replicas. Touches
 * tensors only.
 */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaChannel } from './ports/replica-runner.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { isTapeOn } from '../tfjs/gradient-tape.js';

import { flattenStructure, isTensor, mapStructure, regroup, selectReplica } from './nest.js';
import { checkReduceOp, ReduceOp } from './reduce-op.js';
import { markReduced } from './reduced-tensors.js';
import { partsOf } from './strategy-parts.js';

/** A nested structure of tensors: a tensor, or arrays and plain objects of them. */
export type TensorStructure =
  Tensor | Variable | readonly TensorStructure[] | { readonly [key: string]: TensorStructure };

/**
 * One running replica, as `tf.distribute.ReplicaContext`. `getReplicaContext()` returns it.
 *
 * @example
 * ```js
 * strategy.run((own) => getReplicaContext().allReduce(ReduceOp.SUM, own), [perReplicaValue]);
 * ```
 */
export class ReplicaContext {
  /** The strategy that the replica belongs to. */
  readonly strategy: DistributionStrategy;
  readonly #replicaId: () => number;
  readonly #channel: ReplicaChannel;

  /**
   * Strategies construct contexts; code on a replica asks `getReplicaContext()` for its own.
   *
   * @param strategy - The strategy that the replica belongs to.
   * @param replicaId - The replica's number, or a function that is called when code asks for it.
   * @param channel - How the replica communicates with the others.
   */
  constructor(strategy: DistributionStrategy, replicaId: number | (() => number), channel: ReplicaChannel) {
    this.strategy = strategy;
    this.#replicaId = typeof replicaId === 'function' ? replicaId : () => replicaId;
    this.#channel = channel;
  }

  /** The number of this replica, from 0 to `numReplicasInSync - 1`. */
  get replicaIdInSyncGroup(): number {
    return this.#replicaId();
  }

  /** The number of replicas of the strategy. */
  get numReplicasInSync(): number {
    return this.strategy.numReplicasInSync;
  }

  /**
   * Combines a value with the values that the other replicas pass at the same point of the program. Every replica must
   * call it, in the same order and with the same shapes. Gradients flow through it: they are all-reduced in the same
   * way.
   *
   * @param operation - `SUM` or `MEAN` over the replicas.
   * @param value - A tensor, or a nested structure of tensors, of any shape; gradients flow through `float32` tensors.
   * @returns The same structure of new tensors, equal on every replica.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when a leaf is not a tensor.
   */
  allReduce<Value extends TensorStructure>(operation: ReduceOp, value: Value): Value {
    const checked = checkReduceOp(operation);
    const tensors = flattenStructure(value) as Tensor[];
    const wrong = tensors.findIndex((leaf) => !isTensor(leaf));
    if (wrong !== -1) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, `allReduce takes tensors, not ${String(tensors[wrong])}.`);
    }
    const reduced = this.#allReduceTensors(checked, tensors);
    markReduced(reduced);
    let index = 0;
    return mapStructure(value, () => reduced[index++]) as Value;
  }

  /**
   * Concatenates a value with the values that the other replicas pass at the same point of the program, in replica
   * order. Every replica must call it. Gradients flow through it: each replica gets the part of the summed gradient
   * that belongs to its value.
   *
   * @param value - A tensor of rank 1 or more, or a nested structure of such tensors, of the same size along every
   *   other axis.
   * @param axis - The axis; negative axes count from the last.
   * @returns The same structure of new tensors, equal on every replica.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when a leaf is not a tensor, or is a scalar.
   */
  allGather<Value extends TensorStructure>(value: Value, axis: number): Value {
    return mapStructure(value, (leaf) => {
      if (isTensor(leaf) && (leaf as Tensor).rank > 0) return this.#gather(leaf as Tensor, axis);
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `allGather takes tensors that have axes, not ${String(leaf)}.`,
      );
    }) as Value;
  }

  #gather(tensor: Tensor, axis: number): Tensor {
    const { tf } = partsOf(this.strategy).runner;
    const along = axis < 0 ? axis + tensor.rank : axis;
    const gathered = tf.customGrad((input) => {
      const own = input as Tensor;
      const { value, start } = this.#channel.allGather(own, along);
      const place = own.shape.map((_, index) => (index === along ? start : 0));
      return {
        value,
        gradFunc: (gradient: Tensor) =>
          tf.slice(this.#channel.allReduce(ReduceOp.SUM, [gradient])[0] as Tensor, place, own.shape),
      };
    });
    return gathered(tensor);
  }

  #allReduceTensors(operation: ReduceOp, tensors: readonly Tensor[]): Tensor[] {
    const { tf } = partsOf(this.strategy).runner;
    // No gradient is needed, so one collective serves the whole structure.
    if (!isTapeOn(tf)) return this.#channel.allReduce(operation, tensors);
    return tensors.map((tensor) => {
      if (tensor.dtype !== 'float32') return this.#channel.allReduce(operation, [tensor])[0] as Tensor;
      const differentiable = tf.customGrad((input) => ({
        value: this.#channel.allReduce(operation, [input as Tensor])[0] as Tensor,
        gradFunc: (gradient: Tensor) => this.#channel.allReduce(operation, [gradient])[0] as Tensor,
      }));
      return differentiable(tensor);
    });
  }

  /**
   * Waits for all replicas, then runs `fn` once, in cross-replica context. Its result goes to every replica; of a
   * distributed value, each replica gets its own component.
   *
   * @param fn - Gets the strategy, then each argument as a distributed value.
   * @param args - This replica's arguments. Default: none.
   * @returns The result of `fn`, as this replica sees it.
   */
  mergeCall<Arguments extends readonly unknown[]>(
    fn: (strategy: DistributionStrategy, ...args: Arguments) => unknown,
    args: Arguments = [] as unknown as Arguments,
  ): unknown {
    const merged = this.#channel.mergeCall(args, (given) => {
      const joined = args.map((_, index) => regroup(given.map((list) => (list as unknown[])[index])));
      return fn(this.strategy, ...(joined as unknown as Arguments));
    });
    const { topology } = partsOf(this.strategy);
    return selectReplica(topology.localIndexOf(this.replicaIdInSyncGroup), merged);
  }
}
