/**
 * The states of stateful recurrent layers in a traced step. They are tensors outside variables, which a recording would freeze: so
 * the step is given each replica's rows of them, and gives back the new ones.
 */
import type { BatchData, DistributableModel } from '../../tfjs/layers-model.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { ShareBody } from './batch-parts.js';
import type { Tensor } from '@tensorflow/tfjs';

import { allLayers } from '../../layers/layer-walk.js';
import { RecurrentStates } from '../../layers/recurrent-states.js';
import { replaceStates, type StatefulLayer, statefulLayers } from '../../tfjs/recurrent-layer.js';

/** The states of one model during one step. */
export class TracedStates {
  readonly #tf: TensorFlowJs;
  readonly #layers: readonly StatefulLayer[];

  constructor(tf: TensorFlowJs, model: DistributableModel) {
    this.#tf = tf;
    this.#layers = statefulLayers(allLayers(model));
  }

  /** How many state tensors there are. */
  get count(): number {
    return this.#layers.reduce((sum, { states_ }) => sum + states_.length, 0);
  }

  /**
   * The batch with the states after it.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the batch is not the one that the layers hold states for.
   */
  appendTo(data: BatchData, rows: number): BatchData {
    if (this.#layers.length === 0) return data;
    new RecurrentStates(this.#tf, this.#layers, rows).close();
    return [...data, ...this.#layers.flatMap(({ states_ }) => states_)];
  }

  /** A body that takes the states from the end of its data and returns the new ones at the end of its results. */
  wrap(body: ShareBody): ShareBody {
    if (this.#layers.length === 0) return body;
    const tf = this.#tf;
    return (recording) => {
      const { share, rows } = recording;
      const count = this.count;
      const given = rows.slice(rows.length - count) as Tensor[];
      const before = this.#layers.map((layer) => {
        // Clones: a layer that is not training disposes of the states that it replaces.
        const states = given.splice(0, layer.states_.length).map((state) => tf.clone(state));
        return replaceStates(layer, states, share.size);
      });
      try {
        const results = body({ ...recording, rows: rows.slice(0, rows.length - count) });
        return [...results, ...this.#layers.flatMap(({ states_ }) => states_)];
      } finally {
        for (const { restore } of before) restore();
      }
    };
  }

  /**
   * Takes the new states off the replicas' results and makes the layers hold them.
   * @param participants - How many replicas have rows; those after them returned no states.
   * @returns The results without states.
   */
  commit(results: readonly Tensor[][], participants: number): Tensor[][] {
    const count = this.count;
    if (count === 0) return [...results];
    const tf = this.#tf;
    const withStates = results.slice(0, participants);
    let place = 0;
    for (const layer of this.#layers) {
      const joined = layer.states_.map(() => {
        const index = place++;
        const parts = withStates.map((tensors) => tensors[tensors.length - count + index] as Tensor);
        return tf.keep(parts.length === 1 ? tf.clone(parts[0] as Tensor) : tf.concat(parts));
      });
      tf.dispose(layer.states_);
      layer.states_ = joined;
    }
    return results.map((tensors, replica) =>
      replica < participants ? tensors.slice(0, tensors.length - count) : tensors,
    );
  }
}
