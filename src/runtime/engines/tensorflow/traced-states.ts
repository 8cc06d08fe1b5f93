/**
 * The states of stateful recurrent layers in a traced step. They are tensors outside variables, which a recording would
 * freeze. So the step gets each replica's rows of them as further inputs, and returns the new ones as further results.
 */
import type { StrategyParts } from '../../distribute/strategy-parts.js';
import type { BatchData, DistributableModel } from '../../tfjs/layers-model.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { ShareBody } from './batch-parts.js';
import type { Tensor } from '@tensorflow/tfjs';

import { allLayers } from '../../layers/layer-walk.js';
import { joinStates, requireStateRows, stateTensors, withStates } from '../../layers/recurrent-states.js';
import { type StatefulLayer, statefulLayers } from '../../tfjs/recurrent-layer.js';

const isTensor = (entry: BatchData[number]): entry is Tensor => entry !== null && entry !== undefined;

/** The states of one model during one traced step. */
export class TracedStates {
  readonly #strategy: StrategyParts;
  readonly #tf: TensorFlowJs;
  readonly #layers: readonly StatefulLayer[];

  /**
   * @param strategy - The parts of the strategy.
   * @param model - The model.
   */
  constructor(strategy: StrategyParts, model: DistributableModel) {
    this.#strategy = strategy;
    this.#tf = strategy.runner.tf;
    this.#layers = statefulLayers(allLayers(model));
  }

  /** The number of state tensors. */
  get count(): number {
    return stateTensors(this.#layers).length;
  }

  /**
   * Appends the states to a batch.
   *
   * @param data - The batch.
   * @param rows - Its number of examples.
   * @returns The batch, then the states.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the layers hold states for another number of rows.
   */
  appendTo(data: BatchData, rows: number): BatchData {
    requireStateRows(this.#layers, rows);
    return [...data, ...stateTensors(this.#layers)];
  }

  /** A body that takes the states from the end of its data, and returns the new ones at the end of its results. */
  wrap(body: ShareBody): ShareBody {
    if (this.#layers.length === 0) return body;
    return (recording) => {
      const { share, rows } = recording;
      const batchLength = rows.length - this.count;
      // Clones: a layer that is not training disposes of the states that it replaces.
      const states = rows.slice(batchLength).filter(isTensor);
      const clones = states.map((state) => this.#tf.clone(state));
      return withStates(this.#layers, clones, share.size, () => {
        const results = body({ ...recording, rows: rows.slice(0, batchLength) });
        return [...results, ...stateTensors(this.#layers)];
      });
    };
  }

  /**
   * Takes the new states off the replicas' results, and makes the layers hold them.
   *
   * @param results - The results of each replica, in row order.
   * @param participants - How many of the replicas had rows. The idle ones after them returned no states.
   * @returns The results without states.
   */
  commit(results: readonly Tensor[][], participants: number): Tensor[][] {
    const { count } = this;
    if (count === 0) return [...results];
    const withRows = results.slice(0, participants);
    joinStates(
      this.#strategy,
      this.#layers,
      withRows.map((tensors) => tensors.slice(tensors.length - count)),
    );
    return results.map((tensors, replica) =>
      replica < participants ? tensors.slice(0, tensors.length - count) : tensors,
    );
  }
}
