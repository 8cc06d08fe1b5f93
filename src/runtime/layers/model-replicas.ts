/**
 * Sets up a model for each replica before its part of a step runs: the states of stateful recurrent layers, and the
 * seeds of layers that draw random numbers. Touches the model's layers.
 */
import type { StrategyParts } from '../distribute/strategy-parts.js';
import type { DistributableModel } from '../tfjs/layers-model.js';
import type { MicroBatchShare } from './micro-batches.js';

import { statefulLayers } from '../tfjs/recurrent-layer.js';

import { allLayers } from './layer-walk.js';
import { RecurrentStates } from './recurrent-states.js';
import { seededLayers, withReplicaSeeds } from './replica-seeds.js';

/** One step of all replicas. */
export interface ModelStep {
  /** Runs `body` while the layers have the states and seeds of one replica. */
  onReplica<Result>(share: MicroBatchShare, body: () => Result): Result;
  /** Gives the layers the new states of all replicas. */
  commit(): void;
  /** Releases the tensors of the step. Without a commit, the layers keep their old states. */
  close(): void;
}

/** A model that the replicas of a strategy share. */
export class ModelReplicas {
  readonly #strategy: StrategyParts;
  readonly #model: DistributableModel;
  /** How many training steps were taken. Seeded layers draw from it. */
  steps = 0;

  constructor(strategy: StrategyParts, model: DistributableModel) {
    this.#strategy = strategy;
    this.#model = model;
  }

  /** Begins a step on a global batch of `rows` examples. */
  begin(rows: number, training: boolean): ModelStep {
    const layers = allLayers(this.#model);
    const states = new RecurrentStates(this.#strategy, statefulLayers(layers), rows);
    const seeded = training ? seededLayers(layers) : [];
    const step = training ? this.steps++ : 0;
    return {
      onReplica: (share, body) => withReplicaSeeds(seeded, step, share, () => states.onReplica(share, body)),
      commit: () => {
        states.commit();
      },
      close: () => {
        states.close();
      },
    };
  }
}
