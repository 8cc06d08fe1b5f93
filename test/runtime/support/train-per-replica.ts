/**
 * Trains a model whose statistics are those of a replica's rows, in plain TensorFlow.js, as the definition of a
 * strategy says: passes each replica's rows through the model separately, uses the mean loss of the batch, and averages
 * the replicas' moving averages.
 */
import type { ModelCase } from './model-cases.js';

import * as tf from '@tensorflow/tfjs';

import { splitRows } from '../../../src/runtime/distribute/split-batch.js';

import { type Outcome, outcomeOf, release, setFixedWeights, type TrainingOptions } from './training-outcome.js';

type Loss = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/** Finds the per-example loss of a model with one output. A `tf.Sequential` compiles the model that it wraps. */
function lossOf(model: tf.LayersModel): Loss {
  const { lossFunctions } = (model as unknown as { model?: tf.LayersModel }).model ?? model;
  return lossFunctions[0] as Loss;
}

/** Trains one step. @returns The loss of the batch. */
function step(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor, replicas: number): number {
  return tf.tidy(() => {
    const rows = x.shape[0];
    const parts = splitRows(rows, replicas).filter(({ size }) => size > 0);
    const averages = model.weights.filter(({ trainable }) => !trainable);
    const before = averages.map((average) => average.read().clone());
    const left: tf.Tensor[][] = [];
    const exampleLosses = lossOf(model);
    const loss = (): tf.Scalar => {
      const losses = parts.map(({ start, size }) => {
        averages.forEach((average, index) => average.write(before[index] as tf.Tensor));
        const output = model.apply(x.slice(start, size), { training: true }) as tf.Tensor;
        // Kept, because the optimizer releases the tensors that its loss makes.
        left.push(averages.map((average) => tf.keep(average.read().clone())));
        return exampleLosses(y.slice(start, size), output)
          .mean()
          .mul(size / rows);
      });
      return tf.addN(losses) as tf.Scalar;
    };
    const value = model.optimizer.minimize(
      loss,
      true,
      model.trainableWeights.map((weight) => weight.read() as tf.Variable),
    ) as tf.Scalar;
    averages.forEach((average, index) =>
      average.write(tf.addN(left.map((values) => values[index] as tf.Tensor)).div(parts.length)),
    );
    tf.dispose(left);
    return value.dataSync()[0] as number;
  });
}

/** Does what `trainCase` does, for `replicas` replicas. */
export function trainPerReplica(modelCase: ModelCase, options: TrainingOptions, replicas: number): Outcome {
  const model = modelCase.build(options.optimizer?.());
  setFixedWeights(model);
  const { rows, batchSize, epochs = 2 } = options;
  const { x, y } = modelCase.data(rows) as { x: tf.Tensor; y: tf.Tensor };
  const values = Array.from({ length: epochs }, () => {
    let sum = 0;
    for (let start = 0; start < rows; start += batchSize) {
      const size = Math.min(batchSize, rows - start);
      sum += tf.tidy(() => step(model, x.slice(start, size), y.slice(start, size), replicas)) * size;
    }
    return sum / rows;
  });
  const outcome = outcomeOf(model, modelCase, [{ series: 'loss', values }], options);
  tf.dispose([x, y]);
  release(model);
  return outcome;
}
