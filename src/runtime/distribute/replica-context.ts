/** What code that runs on one replica can ask and do: who it is, all-reduce, merge with the others. */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaChannel } from './ports/replica-runner.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { isTapeOn } from '../tfjs/gradient-tape.js';

import { flattenStructure, isTensor, mapStructure, regroup, selectReplica } from './nest.js';
import { checkReduceOp, ReduceOp } from './reduce-op.js';
import { partsOf } from './strategy-parts.js';

/** A nested structure of tensors: a tensor, or arrays and plain objects of them. */
export type TensorStructure =
  Tensor | Variable | readonly TensorStructure[] | { readonly [key: string]: TensorStructure };

/** One replica while it runs, as `tf.distribute.ReplicaContext`. Given by `getReplicaContext()`. */
export class ReplicaContext {
  readonly strategy: DistributionStrategy;
  readonly #replicaId: () => number;
  readonly #channel: ReplicaChannel;

  /** @param replicaId - A function where the number is not known to whoever makes the context. */
  constructor(strategy: DistributionStrategy, replicaId: number | (() => number), channel: ReplicaChannel) {
    this.strategy = strategy;
    this.#replicaId = typeof replicaId === 'function' ? replicaId : () => replicaId;
    this.#channel = channel;
  }

  /** This replica's number, from 0 to `numReplicasInSync - 1`. */
  get replicaIdInSyncGroup(): number {
    return this.#replicaId();
  }

  /** How many replicas take part in the strategy. */
  get numReplicasInSync(): number {
    return this.strategy.numReplicasInSync;
  }

  /**
   * Combines a value with the other replicas' values of the same place in the program. Every replica must call it, in the
   * same order and with the same shapes. Gradients flow through it: they are all-reduced in the same way.
   *
   * @param operation - `SUM` or `MEAN` over the replicas.
   * @param value - A tensor or nested structure of tensors.
   * @returns The same structure of new tensors, alike on every replica.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when a leaf is not a tensor.
   */
  allReduce<Value extends TensorStructure>(operation: ReduceOp, value: Value): Value {
    checkReduceOp(operation);
    const tensors = flattenStructure(value) as Tensor[];
    const wrong = tensors.findIndex((leaf) => !isTensor(leaf));
    if (wrong !== -1) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, `allReduce takes tensors, not ${String(tensors[wrong])}.`);
    }
    const reduced = this.#allReduceTensors(operation, tensors);
    let index = 0;
    return mapStructure(value, () => reduced[index++]) as Value;
  }

  /**
   * Joins a value with the other replicas' values of the same place in the program, along an axis and in replica order. Every replica must
   * call it. Gradients flow through it: each replica gets the part of the summed gradient that belongs to its own value.
   *
   * @param value - A tensor of rank 1 or more, or a nested structure of such tensors, of the same size along every other axis.
   * @returns The same structure of new tensors, alike on every replica.
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
    // Off the tape, one meeting serves for the whole structure.
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
   * Waits for all replicas, then runs `fn` once, in cross-replica context, with the strategy and each argument as a
   * distributed value. What it returns goes to every replica (of a distributed value, its own component).
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
