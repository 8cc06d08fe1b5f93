/**
 * The states of stateful recurrent layers under several replicas: each replica sees the rows of its examples, and afterwards
 * the layer holds the rows of all, as on one device.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { LayerInternals } from './model-functions.js';
import type { ReplicaShare } from './replica-batch.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** A TensorFlow.js RNN layer that carries its state from batch to batch. */
interface StatefulLayer extends LayerInternals {
  states_: Tensor[];
  keptStates: unknown[];
  readonly inputSpec: readonly { shape: (number | null)[] }[];
}

/** Those of `layers` that hold a state a row of the batch. */
export function statefulLayers(layers: Iterable<LayerInternals>): StatefulLayer[] {
  return [...layers].filter(
    (layer): layer is StatefulLayer => layer.stateful === true && Array.isArray((layer as StatefulLayer).states_),
  );
}

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
      const { states_, keptStates } = layer;
      const spec = layer.inputSpec[0] as { shape: (number | null)[] };
      const batch = spec.shape[0] as number | null;
      layer.states_ = states_.map((state) => tf.keep(tf.slice(state, [start], [size])));
      layer.keptStates = [];
      spec.shape[0] = size;
      return { layer, states_, keptStates, spec, batch };
    });
    let left: Tensor[][] = [];
    try {
      const result = body();
      left = this.#layers.map((layer) => layer.states_.map((state) => keepCopy(tf, state)));
      return result;
    } finally {
      for (const { layer, states_, keptStates, spec, batch } of before) {
        tf.dispose([layer.states_, layer.keptStates] as never);
        layer.states_ = states_;
        layer.keptStates = keptStates;
        spec.shape[0] = batch;
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

/** Outlives a replica's turn, which releases what was kept through `tf.keep` when the turn has to be taken again. */
function keepCopy(tf: TensorFlowJs, tensor: Tensor): Tensor {
  const copy = tf.clone(tensor) as Tensor & { kept: boolean };
  copy.kept = true;
  return copy;
}
