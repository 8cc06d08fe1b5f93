/**
 * The states that a stateful recurrent layer carries from batch to batch. They are tensors outside variables, one row
 * for each row of the batch. Touches the layer's members. Relies on tfjs-layers 4.22, layers/recurrent.ts: `states_`,
 * `keptStates`, `inputSpec`.
 */
import type { LayerInternals } from './layers-model.js';
import type { Tensor } from '@tensorflow/tfjs';

/** A recurrent layer that carries its state from batch to batch. */
export interface StatefulLayer extends LayerInternals {
  states_: Tensor[];
  keptStates: unknown[];
  readonly inputSpec: readonly { shape: (number | null)[] }[];
}

/** What a layer held before {@link replaceStates}. */
export interface ReplacedStates {
  /** Puts the old states back. The caller disposes of the others. */
  readonly restore: () => void;
}

/**
 * Finds the layers that hold a state for each row of the batch.
 *
 * @param layers - Any layers.
 * @returns The stateful recurrent ones among them.
 */
export function statefulLayers(layers: Iterable<LayerInternals>): StatefulLayer[] {
  return [...layers].filter(
    (layer): layer is StatefulLayer => layer.stateful === true && 'states_' in layer && Array.isArray(layer.states_),
  );
}

/**
 * Makes a layer hold other states, for batches of another size.
 *
 * @param layer - The layer to change.
 * @param states - The states to hold; the layer takes them over.
 * @param rows - The number of rows of these states.
 * @returns How to put the old ones back.
 */
export function replaceStates(layer: StatefulLayer, states: Tensor[], rows: number): ReplacedStates {
  const { states_, keptStates, inputSpec } = layer;
  const [spec] = inputSpec;
  const batch = spec?.shape[0];
  layer.states_ = states;
  layer.keptStates = [];
  if (spec !== undefined) spec.shape[0] = rows;
  return {
    restore() {
      layer.states_ = states_;
      layer.keptStates = keptStates;
      if (spec !== undefined && batch !== undefined) spec.shape[0] = batch;
    },
  };
}
