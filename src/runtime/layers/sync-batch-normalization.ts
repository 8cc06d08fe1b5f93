/**
 * Batch normalization over the global batch of a strategy, as `tf.keras.layers.BatchNormalization(synchronized=True)`.
 * The class derives from a class of TensorFlow.js, so it is made only once TensorFlow.js is loaded. Touches
 * TensorFlow.js's registry of classes.
 */
import type { layers, Tensor } from '@tensorflow/tfjs';

import { currentFrame } from '../distribute/context.js';
import { ReduceOp } from '../distribute/reduce-op.js';
import {
  type BatchNormalizationArguments,
  type BatchNormalizationClass,
  batchNormalizationClass,
  type BatchNormalizationLayer,
  registeredClass,
  type WritableWeight,
} from '../tfjs/batch-normalization-layer.js';
import { loadTfjs, type TensorFlowJs } from '../tfjs/load-tfjs.js';

import { normalizeOverReplicas, type SumOverReplicas } from './normalize-over-replicas.js';

const CLASS_NAME = 'SyncBatchNormalization';

/** Finds the function that adds tensors over the replicas of the running code; undefined with one replica. */
function sumOverReplicas(): SumOverReplicas | undefined {
  const replica = currentFrame()?.replica;
  if (replica === undefined || replica.numReplicasInSync === 1) return undefined;
  return (tensors) => replica.allReduce(ReduceOp.SUM, tensors as Tensor[]);
}

/** Adds tensors over one replica: returns them unchanged. */
const SUM_OF_ONE_REPLICA: SumOverReplicas = (tensors) => [...tensors];

/** Moves an average towards the value of this batch. */
function updateAverage(tf: TensorFlowJs, average: WritableWeight, value: Tensor, momentum: number): void {
  tf.tidy(() => {
    const before = average.read();
    average.write(tf.sub(before, tf.mul(tf.sub(before, tf.reshape(value, before.shape)), 1 - momentum)));
  });
}

/** Computes the layer's output for this replica's rows. `sum` is undefined in evaluation and prediction. */
function normalize(
  tf: TensorFlowJs,
  layer: BatchNormalizationLayer,
  input: Tensor,
  sum: SumOverReplicas | undefined,
): Tensor {
  const { gamma, beta, movingMean, movingVariance, momentum, epsilon } = layer;
  return tf.tidy(() => {
    const axis = layer.axis >= 0 ? layer.axis : layer.axis + input.rank;
    const axes = input.shape.map((_, index) => index).filter((index) => index !== axis);
    const alongAxis = (weight: WritableWeight): Tensor =>
      tf.reshape(
        weight.read(),
        input.shape.map((size, index) => (index === axis ? size : 1)),
      );
    const byAverages = (): Tensor =>
      tf.mul(tf.sub(input, alongAxis(movingMean)), tf.rsqrt(tf.add(alongAxis(movingVariance), epsilon)));
    const onMoments = (mean: Tensor, variance: Tensor): void => {
      updateAverage(tf, movingMean, mean, momentum);
      updateAverage(tf, movingVariance, variance, momentum);
    };
    const normalized =
      sum === undefined ? byAverages() : normalizeOverReplicas(tf, input, { axes, epsilon, sum, onMoments });
    const scaled = gamma === undefined ? normalized : tf.mul(normalized, alongAxis(gamma));
    return beta === undefined ? scaled : tf.add(scaled, alongAxis(beta));
  });
}

/**
 * Checks whether TensorFlow.js's own layer works: it cannot train without a scale or a center, and is wrong along inner
 * axes.
 */
function isBaseLayerCorrect({ gamma, beta, axis }: BatchNormalizationLayer, input: Tensor, training: boolean): boolean {
  return (!training || (gamma !== undefined && beta !== undefined)) && (axis === -1 || axis === input.rank - 1);
}

function defineClass(tf: TensorFlowJs): BatchNormalizationClass {
  const BatchNormalization = batchNormalizationClass(tf, CLASS_NAME);
  return class SyncBatchNormalization extends BatchNormalization {
    /** The name of the class in saved models. */
    static className = CLASS_NAME;

    override call(inputs: Tensor | Tensor[], kwargs: { readonly training?: boolean }): Tensor | Tensor[] {
      const input = [inputs].flat()[0] as Tensor;
      const training = kwargs.training === true;
      const sum = training ? sumOverReplicas() : undefined;
      if (sum === undefined && isBaseLayerCorrect(this, input, training)) return super.call(inputs, kwargs);
      return normalize(tf, this, input, training ? (sum ?? SUM_OF_ONE_REPLICA) : undefined);
    }
  };
}

/** Finds the class for a copy of TensorFlow.js. The first call makes and registers it. */
function layerClass(tf: TensorFlowJs): BatchNormalizationClass {
  return registeredClass(tf, CLASS_NAME, () => defineClass(tf));
}

/**
 * Registers the layers of mirrorscope, so that `tf.loadLayersModel` can construct them. Strategy scopes and
 * {@link syncBatchNormalization} call it themselves. Call it only to load a model with such a layer outside every
 * scope.
 *
 * @param tf - The copy of TensorFlow.js that loads the model. Default: the one that mirrorscope uses.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when no TensorFlow.js is installed.
 *
 * @example
 * ```js
 * registerLayers();
 * const model = await tf.loadLayersModel('file://model/model.json');
 * ```
 */
export function registerLayers(tf: TensorFlowJs = loadTfjs()): void {
  layerClass(tf);
}

/**
 * Makes a batch normalization layer that, in training, uses the mean and variance of the global batch instead of one
 * replica's rows. N replicas then give what `tf.layers.batchNormalization` gives on one device. Use it where each
 * replica has few rows. It takes three small all-reduces per step: two forward, one backward.
 *
 * In evaluation and prediction it uses its moving averages; outside every strategy it is
 * `tf.layers.batchNormalization`. Arguments and weights (gamma, beta, moving mean, moving variance) are the same, too,
 * so each layer can load the weights of the other.
 *
 * Source: https://keras.io/api/layers/normalization_layers/batch_normalization/ (`synchronized`).
 *
 * @param args - The arguments of `tf.layers.batchNormalization`. Inputs are `float32`, of rank 2 to 4.
 * @returns The layer.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when no TensorFlow.js is installed.
 *
 * @example
 * ```js
 * strategy.scope(() => tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [4] }), syncBatchNormalization()] }));
 * ```
 */
export function syncBatchNormalization(args: BatchNormalizationArguments = {}): layers.Layer {
  return new (layerClass(loadTfjs()))(args);
}
