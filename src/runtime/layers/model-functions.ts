/** What of a `tf.LayersModel` a strategy replaces: the three functions under fit, evaluate and predict. Types only. */
import type { BatchData, PredictFunction, TestFunction, TrainFunction } from '../tfjs/layers-model.js';

/** The replicas' rows of a batch, on their devices. */
export interface PlacedBatch {
  dispose(): void;
}

/** What can be done for a step before it is asked for. */
export interface StepFeed {
  /** Resolves when another step can be started without waiting for one that is under way. Never rejects. */
  ready(): Promise<void>;
  /** Copies each replica's rows of a batch to its device. The step that gets the same tensors takes them from there. */
  place(data: BatchData): PlacedBatch;
}

/** How one model trains, evaluates and predicts. */
export interface ModelFunctions {
  readonly train: TrainFunction;
  readonly test: TestFunction;
  readonly predict: PredictFunction;
  /** Absent: a step has ended when its function returns. */
  readonly feed?: StepFeed;
}
