/**
 * The functions of a `tf.LayersModel` that a strategy replaces, on which fit, evaluate and predict rely. Types only.
 */
import type { BatchData, PredictFunction, TestFunction, TrainFunction } from '../tfjs/layers-model.js';

/** The replicas' rows of a batch, on their devices. */
export interface PlacedBatch {
  dispose(): void;
}

/** Prepares steps ahead of time. */
export interface StepFeed {
  /** Resolves when another step can start without waiting for one in flight. Never rejects. */
  ready(): Promise<void>;
  /** Copies each replica's rows of a batch to its device. The step that gets the same tensors uses the copies. */
  place(data: BatchData): PlacedBatch;
  /**
   * Shuffles row numbers in place, into the same order in every process. Without it, the rows are shuffled as
   * TensorFlow.js does.
   */
  readonly shuffle?: ((order: Int32Array) => void) | undefined;
}

/** A number of steps from which the random masks of the next step follow. */
export interface StepCounter {
  steps: number;
}

/** The functions by which one model trains, evaluates and predicts. */
export interface ModelFunctions {
  readonly train: TrainFunction;
  readonly test: TestFunction;
  readonly predict: PredictFunction;
  /** Absent if a step has ended when its function returns, so that nothing can be prepared meanwhile. */
  readonly feed?: StepFeed;
  /** To be saved with the model, so that training goes on with the masks that it would have drawn. */
  readonly counters: readonly StepCounter[];
}
