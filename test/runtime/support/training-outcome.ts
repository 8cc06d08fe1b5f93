/** Trains a model of a case, plainly or in a strategy's scope, and collects the results. */
import type { Strategy } from '../../../src/runtime/index.js';
import type { ModelCase } from './model-cases.js';

import * as tf from '@tensorflow/tfjs';

import { SILENT } from './silent.js';

/** Gives every model the same small weights, by their shapes. */
export function setFixedWeights(model: tf.LayersModel): void {
  tf.tidy(() => {
    const weights = model.weights.map((weight, index) =>
      weight.name.includes('variance')
        ? tf.ones(weight.shape as number[])
        : tf.randomNormal(weight.shape as number[], 0, 0.3, 'float32', 100 + index),
    );
    model.setWeights(weights);
  });
}

/** Layer names count up over a process: `dense_Dense3_loss` and `dense_Dense5_loss` are the same series. */
export function stripNumbers(name: string): string {
  return name.replaceAll(/\d+/g, '');
}

/** How a case is trained. */
export interface TrainingOptions {
  readonly rows: number;
  readonly batchSize: number;
  readonly epochs?: number;
  readonly optimizer?: () => string | tf.Optimizer;
}

/** All results of training, evaluating and predicting, as numbers that outlive the backend that computed them. */
export interface Outcome {
  readonly history: readonly { readonly series: string; readonly values: number[] }[];
  readonly weights: readonly { readonly name: string; readonly values: Float32Array }[];
  readonly evaluation: number[];
  readonly predictions: readonly Float32Array[];
}

const valuesOf = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync());

/** Collects the weights of a model, and its evaluation and predictions on the data. */
export function outcomeOf(
  model: tf.LayersModel,
  modelCase: ModelCase,
  history: Outcome['history'],
  { rows, batchSize }: TrainingOptions,
): Outcome {
  const weights = model.weights.map((weight) => ({ name: weight.name, values: valuesOf(weight.read()) }));
  let evaluation: number[] = [];
  let predictions: Float32Array[] = [];
  tf.tidy(() => {
    const { x, y } = modelCase.data(rows);
    evaluation = [model.evaluate(x, y, { batchSize })].flat().map((value) => valuesOf(value)[0] as number);
    predictions = [model.predict(x, { batchSize })].flat().map(valuesOf);
  });
  return { history, weights, evaluation, predictions };
}

/** Releases a model and its optimizer. A model itself releases only an optimizer that it made. */
export function release(model: tf.LayersModel): void {
  model.dispose();
  if (!(model as unknown as { isOptimizerOwned: boolean }).isOptimizerOwned) model.optimizer.dispose();
}

/** Builds a model, gives it the fixed weights, trains it for some epochs, and releases it. */
export async function trainCase(modelCase: ModelCase, options: TrainingOptions, strategy?: Strategy): Promise<Outcome> {
  const build = (): tf.LayersModel => modelCase.build(options.optimizer?.());
  const model = strategy === undefined ? build() : strategy.scope(build);
  setFixedWeights(model);
  const { batchSize, epochs = 2 } = options;
  const { x, y } = modelCase.data(options.rows);
  const { history } = await model.fit(x, y, { batchSize, epochs, shuffle: false, verbose: SILENT });
  const outcome = outcomeOf(
    model,
    modelCase,
    Object.entries(history).map(([name, values]) => ({ series: stripNumbers(name), values: values as number[] })),
    options,
  );
  tf.dispose([x, y]);
  release(model);
  return outcome;
}
