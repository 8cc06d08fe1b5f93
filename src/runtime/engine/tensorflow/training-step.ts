/**
 * The training step of one replica: TensorFlow.js's own step up to the gradients, one all-reduce, the model's own optimizer.
 * Touches the model's variables, as the step itself does.
 */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';

import { applyGradients, type LocalStep, localStep } from '../../layers/gradients.js';
import type { BatchData, DistributableModel, TrainFunction } from '../../layers/model-functions.js';
import type { AllReduce } from '../../trace/recorded-all-reduce.js';
import type { TensorFlowJs } from '../../tfjs.js';
import type { Share } from './batch-parts.js';
import { writtenVariables } from './written-variables.js';

/** One model's training step under several replicas. All replicas of one step must go through one instance. */
export class TrainingStep {
  readonly #tf: TensorFlowJs;
  readonly #model: DistributableModel;
  readonly #makeTrainFunction: () => TrainFunction;
  #gradientNames: readonly string[] = [];
  #written: readonly Variable[] = [];
  #metrics = 0;

  /** @param makeTrainFunction - The model's own method. */
  constructor(tf: TensorFlowJs, model: DistributableModel, makeTrainFunction: () => TrainFunction) {
    this.#tf = tf;
    this.#model = model;
    this.#makeTrainFunction = makeTrainFunction;
  }

  /** A replica with rows. @returns The loss and metrics of the global batch. */
  run({ weight, participants }: Share, local: BatchData, allReduce: AllReduce): Tensor[] {
    const tf = this.#tf;
    let step: LocalStep | undefined;
    // Moving averages and the like.
    this.#written = writtenVariables(tf, () => {
      step = localStep(tf, this.#model, this.#makeTrainFunction, local, weight);
    }).filter(({ dtype }) => dtype === 'float32');
    const { loss, gradients, metrics } = step as LocalStep;
    this.#gradientNames = Object.keys(gradients);
    this.#metrics = metrics.length;
    return this.apply(
      allReduce.sum(
        [
          loss,
          ...metrics.map((metric) => tf.mul(metric, weight)),
          ...this.#written.map((variable) => tf.div(variable, participants)),
          ...this.#gradientNames.map((name) => gradients[name] as Tensor),
        ],
        [
          'loss',
          ...metrics.map((_, index) => `metric ${String(index + 1)}`),
          ...this.#written.map(({ name }) => name),
          ...this.#gradientNames.map((name) => `gradient of ${name}`),
        ],
      ),
    );
  }

  /** Takes the step with what the replicas' values add up to, in the order of {@link run}. @returns As {@link run}. */
  apply(reduced: readonly Tensor[]): Tensor[] {
    const [loss, ...rest] = reduced as [Scalar, ...Tensor[]];
    const metrics = rest.splice(0, this.#metrics) as Scalar[];
    for (const variable of this.#written) variable.assign(rest.shift() as Tensor);
    const gradients = Object.fromEntries(this.#gradientNames.map((name, index) => [name, rest[index] as Tensor]));
    const total = applyGradients(this.#tf, this.#model, [{ loss, gradients, metrics }], ([only]) => only as Tensor);
    return [total, ...metrics];
  }
}
