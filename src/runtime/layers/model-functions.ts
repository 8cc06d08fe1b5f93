/** What of a `tf.LayersModel` a strategy replaces: the three functions under fit, evaluate and predict. Types only. */
import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs';

/** The inputs, targets and sample weights of one batch, as TensorFlow.js hands them to its own functions. */
export type BatchData = readonly (Tensor | null | undefined)[];

/** One training step on a global batch: updates the model, gives the loss and then each metric. */
export type TrainFunction = (data: BatchData) => Scalar[];

/** Loss and metrics of a global batch, without training. */
export type TestFunction = (data: BatchData) => Scalar[];

/** Predictions for `inputs`, `batchSize` examples at a time. */
export type PredictFunction = (inputs: Tensor | Tensor[], batchSize?: number, verbose?: boolean) => Tensor | Tensor[];

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

/** A weight of a layer: TensorFlow.js's wrapper around a variable. */
interface LayerWeight {
  read(): Variable;
}

/** The members of a TensorFlow.js layer that are looked at. */
export interface LayerInternals {
  readonly name: string;
  readonly stateful?: boolean;
  readonly layers?: readonly LayerInternals[];
  readonly layer?: LayerInternals;
  readonly forwardLayer?: LayerInternals;
  readonly backwardLayer?: LayerInternals;
  seed?: unknown;
}

/** A `tf.LayersModel` with the members that TensorFlow.js keeps to itself. */
export interface DistributableModel extends LayerInternals {
  readonly layers: readonly LayerInternals[];
  readonly inputs: readonly unknown[];
  readonly outputs: readonly unknown[];
  readonly collectedTrainableWeights: readonly LayerWeight[];
  optimizer_: Optimizer;
  testFunction: TestFunction;
  makeTrainFunction(): TrainFunction;
  makeTestFunction(): void;
  predictLoop: PredictFunction;
}
