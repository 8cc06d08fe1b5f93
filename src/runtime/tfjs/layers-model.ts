/**
 * A `tf.LayersModel` and its layers with the members that TensorFlow.js declares private. Types only.
 * Relies on tfjs-layers 4.22: engine/training.ts (`LayersModel`), engine/topology.ts (`Layer`), layers/wrappers.ts
 * (`Wrapper.layer`, `Bidirectional`), layers/core.ts (`Dropout.seed`), variables.ts (`LayerVariable.read`).
 */
import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs';

/** The inputs, targets and sample weights of one batch, as TensorFlow.js hands them to its own functions. */
export type BatchData = readonly (Tensor | null | undefined)[];

/** One training step on a global batch: updates the model, gives the loss and then each metric. */
export type TrainFunction = (data: BatchData) => Scalar[];

/** Loss and metrics of a global batch, without training. */
export type TestFunction = (data: BatchData) => Scalar[];

/** Predictions for `inputs`, `batchSize` examples at a time. */
export type PredictFunction = (inputs: Tensor | Tensor[], batchSize?: number, verbose?: boolean) => Tensor | Tensor[];

/** A weight of a layer: TensorFlow.js's wrapper around a variable. */
export interface LayerWeight {
  read(): Variable;
}

/** A layer. A model is one, too. */
export interface LayerInternals {
  readonly name: string;
  readonly stateful?: boolean;
  readonly layers?: readonly LayerInternals[];
  readonly layer?: LayerInternals;
  readonly forwardLayer?: LayerInternals;
  readonly backwardLayer?: LayerInternals;
  seed?: unknown;
  /** Throws for a disposed layer. */
  assertNotDisposed?(): void;
}

/** A model that trains, evaluates and predicts. */
export interface DistributableModel extends LayerInternals {
  readonly layers: readonly LayerInternals[];
  readonly inputs: readonly unknown[];
  readonly outputs: readonly unknown[];
  readonly weights: readonly LayerWeight[];
  readonly collectedTrainableWeights: readonly LayerWeight[];
  /** `compile` sets it. */
  readonly lossFunctions?: object;
  /** `compile` sets it. */
  readonly metricsTensors?: object;
  optimizer_: Optimizer;
  testFunction: TestFunction;
  makeTrainFunction(): TrainFunction;
  makeTestFunction(): void;
  predictLoop: PredictFunction;
}
