/**
 * What a model holds outside its variables and what must differ by replica while it runs: the states of stateful recurrent
 * layers (rows of the batch), and the seeds of layers that draw random numbers.
 */
import type { DistributableModel } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { MicroBatchShare } from './micro-batches.js';

import { statefulLayers } from '../tfjs/recurrent-layer.js';

import { allLayers } from './layer-walk.js';
import { RecurrentStates } from './recurrent-states.js';
import { seededLayers, withReplicaSeeds } from './replica-seeds.js';

/** One step of all replicas. */
export interface ModelStep {
  /** Runs `body` with the model as the replica is to see it. */
  onReplica<Result>(share: MicroBatchShare, body: () => Result): Result;
  /** Makes the model hold what the replicas together left. */
  commit(): void;
  /** Releases what the step held; without a commit before, the model is as it was. */
  close(): void;
}

/** The model, as the replicas of a strategy share it. */
export class ModelReplicas {
  readonly #tf: TensorFlowJs;
  readonly #model: DistributableModel;
  #steps = 0;

  constructor(tf: TensorFlowJs, model: DistributableModel) {
    this.#tf = tf;
    this.#model = model;
  }

  /** Begins a step on a global batch of `rows` examples. */
  begin(rows: number, training: boolean): ModelStep {
    const layers = allLayers(this.#model);
    const states = new RecurrentStates(this.#tf, statefulLayers(layers), rows);
    const seeded = training ? seededLayers(layers) : [];
    const step = training ? this.#steps++ : 0;
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
