/**
 * The states of stateful recurrent layers under several replicas: each replica sees the rows of its examples, and afterwards
 * the layer holds the rows of all, as on one device.
 */
import type { ReplicaShare } from '../distribute/replica-topology.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { StatefulLayer } from '../tfjs/recurrent-layer.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { keepCopy } from '../tfjs/kept-tensors.js';
import { replaceStates } from '../tfjs/recurrent-layer.js';

/** The states during one step. */
export class RecurrentStates {
  readonly #tf: TensorFlowJs;
  readonly #layers: readonly StatefulLayer[];
  /** What is left after some rows, by the first of them. */
  readonly #left = new Map<number, Tensor[][]>();

  /** @throws {MirrorscopeError} `INVALID_ARGUMENT` when the batch is not the one that the layers hold states for. */
  constructor(tf: TensorFlowJs, layers: readonly StatefulLayer[], rows: number) {
    this.#tf = tf;
    this.#layers = layers;
    for (const { name, states_ } of layers) {
      const held = states_[0]?.shape[0] ?? rows;
      if (held === rows) continue;
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `The stateful layer "${name}" holds states for batches of ${held} examples, but got a batch of ${rows}.`,
        { hint: 'Pass batches of the size that the model was built with.' },
      );
    }
  }

  /** Runs `body` with each layer holding these rows. A second run for the same rows replaces the first. */
  onReplica<Result>({ rows: { start, size } }: ReplicaShare, body: () => Result): Result {
    if (this.#layers.length === 0) return body();
    const tf = this.#tf;
    const before = this.#layers.map((layer) => {
      const states = layer.states_.map((state) => tf.keep(tf.slice(state, [start], [size])));
      return { layer, replaced: replaceStates(layer, states, size) };
    });
    let left: Tensor[][] = [];
    try {
      const result = body();
      left = this.#layers.map((layer) => layer.states_.map((state) => keepCopy(tf, state)));
      return result;
    } finally {
      for (const { layer, replaced } of before) {
        tf.dispose([layer.states_, layer.keptStates] as never);
        replaced.restore();
      }
      this.#release(start);
      this.#left.set(start, left);
    }
  }

  /** Joins what the replicas left, in row order. */
  commit(): void {
    const starts = [...this.#left.keys()].sort((one, other) => one - other);
    this.#layers.forEach((layer, index) => {
      const joined = layer.states_.map((_, state) => {
        const parts = starts.flatMap((start) => this.#left.get(start)?.[index]?.[state] ?? []);
        return this.#tf.keep(this.#tf.concat(parts));
      });
      this.#tf.dispose(layer.states_);
      layer.states_ = joined;
    });
  }

  /** Releases the replicas' parts. */
  close(): void {
    for (const start of [...this.#left.keys()]) this.#release(start);
  }

  #release(start: number): void {
    this.#tf.dispose(this.#left.get(start) ?? []);
    this.#left.delete(start);
  }
}
