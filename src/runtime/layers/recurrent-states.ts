/**
 * The states of stateful recurrent layers under several replicas. Each replica sees the rows of its examples;
 * afterwards the layer holds the rows of all, as on one device. Touches the layers' states.
 */
import type { ReplicaShare } from '../distribute/replica-topology.js';
import type { StrategyParts } from '../distribute/strategy-parts.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { StatefulLayer } from '../tfjs/recurrent-layer.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { keepCopy } from '../tfjs/kept-tensors.js';
import { replaceStates } from '../tfjs/recurrent-layer.js';

/**
 * Checks the batch size. @throws {MirrorscopeError} `INVALID_ARGUMENT` when the layers hold states for another number
 * of rows.
 */
export function requireStateRows(layers: readonly StatefulLayer[], rows: number): void {
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

/** The states of all layers, layer by layer. */
export function stateTensors(layers: readonly StatefulLayer[]): Tensor[] {
  return layers.flatMap(({ states_ }) => states_);
}

/**
 * Runs `body` while the layers hold other states.
 *
 * @param layers - The layers, which hold their own states again afterwards.
 * @param states - One tensor for each of {@link stateTensors}. The layers take them over.
 * @param rows - The number of rows of these states.
 * @param body - Leaves new states in the layers.
 * @returns The result of `body`.
 */
export function withStates<Result>(
  layers: readonly StatefulLayer[],
  states: readonly Tensor[],
  rows: number,
  body: () => Result,
): Result {
  const given = [...states];
  const replaced = layers.map((layer) => replaceStates(layer, given.splice(0, layer.states_.length), rows));
  try {
    return body();
  } finally {
    for (const each of replaced) each.restore();
  }
}

/** Concatenates the rows of this process, and those of the others in a strategy over several processes. */
function joinRows(strategy: StrategyParts, own: Tensor[]): Tensor {
  const { runner, topology } = strategy;
  if (topology.processCount === 1) return runner.tf.concat(own);
  return runner.gather(strategy, own.length === 0 ? [] : [runner.tf.concat(own)], 0);
}

/**
 * Gives the layers the joined states of replicas or micro-batches.
 *
 * @param strategy - The parts of the strategy.
 * @param layers - The layers. Their old states are disposed of.
 * @param parts - The states of each replica or micro-batch, in row order, each as {@link stateTensors} orders them.
 */
export function joinStates(
  strategy: StrategyParts,
  layers: readonly StatefulLayer[],
  parts: readonly (readonly Tensor[])[],
): void {
  const { tf } = strategy.runner;
  let next = 0;
  for (const layer of layers) {
    const joined = layer.states_.map(() => {
      const index = next++;
      return tf.keep(
        joinRows(
          strategy,
          parts.flatMap((states) => states[index] ?? []),
        ),
      );
    });
    tf.dispose(layer.states_);
    layer.states_ = joined;
  }
}

/** The states during one eager step. */
export class RecurrentStates {
  readonly #strategy: StrategyParts;
  readonly #tf: TensorFlowJs;
  readonly #layers: readonly StatefulLayer[];
  /** The new states of each range of rows, by its first row. */
  readonly #left = new Map<number, Tensor[]>();

  /**
   * Starts a step.
   *
   * @param strategy - The parts of the strategy.
   * @param layers - The stateful layers of the model.
   * @param rows - The number of examples in the global batch.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the layers hold states for another number of rows.
   */
  constructor(strategy: StrategyParts, layers: readonly StatefulLayer[], rows: number) {
    requireStateRows(layers, rows);
    this.#strategy = strategy;
    this.#tf = strategy.runner.tf;
    this.#layers = layers;
  }

  /** Runs `body` while the layers hold the states of these rows. A second run for the same rows replaces the first. */
  onReplica<Result>({ rows: { start, size } }: ReplicaShare, body: () => Result): Result {
    if (this.#layers.length === 0) return body();
    const tf = this.#tf;
    const own = stateTensors(this.#layers).map((state) => tf.keep(tf.slice(state, [start], [size])));
    return withStates(this.#layers, own, size, () => {
      let left: Tensor[] = [];
      try {
        const result = body();
        left = stateTensors(this.#layers).map((state) => keepCopy(tf, state));
        return result;
      } finally {
        tf.dispose(this.#layers.map((layer) => [layer.states_, layer.keptStates]) as never);
        this.#release(start);
        this.#left.set(start, left);
      }
    });
  }

  /** Makes the layers hold the new states of all rows. */
  commit(): void {
    const inRowOrder = [...this.#left].sort(([one], [other]) => one - other);
    joinStates(
      this.#strategy,
      this.#layers,
      inRowOrder.map(([, states]) => states),
    );
  }

  /** Disposes of the replicas' parts. */
  close(): void {
    for (const start of [...this.#left.keys()]) this.#release(start);
  }

  #release(start: number): void {
    this.#tf.dispose(this.#left.get(start) ?? []);
    this.#left.delete(start);
  }
}
