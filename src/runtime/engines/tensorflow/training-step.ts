/**
 * The training step of one replica: TensorFlow.js's own step up to the gradients, one all-reduce, the model's own
 * optimizer. Touches the model's variables, as the step itself does.
 */
import type { DistributableModel, TrainFunction } from '../../tfjs/layers-model.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { ShareRecording } from './batch-parts.js';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';

import { applyGradients, type LocalStep, localStep } from '../../layers/gradients.js';
import { assignValue, writtenVariables } from '../../tfjs/registered-variables.js';
import { copiesOf } from '../../tfjs/replica-copies.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** One model's training step under several replicas. All replicas of one step must go through one instance. */
export class TrainingStep {
  readonly #tf: TensorFlowJs;
  readonly #model: DistributableModel;
  readonly #makeTrainFunction: () => TrainFunction;
  #gradientNames: readonly string[] = [];
  #written: readonly Variable[] = [];
  #metrics = 0;

  /**
   * Starts without a recording.
   *
   * @param tf - The TensorFlow.js to compute with.
   * @param model - The model.
   * @param makeTrainFunction - The model's own method.
   */
  constructor(tf: TensorFlowJs, model: DistributableModel, makeTrainFunction: () => TrainFunction) {
    this.#tf = tf;
    this.#model = model;
    this.#makeTrainFunction = makeTrainFunction;
  }

  /**
   * A replica's rows, or the last of its micro-batches.
   * @returns The loss and metrics of the global batch.
   */
  run(recording: ShareRecording): Tensor[] {
    const { share, allReduce } = recording;
    const sums = this.accumulate(recording);
    const reported = 1 + this.#metrics;
    const written = this.#written.map((variable) => this.#tf.div(variable, share.participants));
    const names = [
      'loss',
      ...Array.from({ length: this.#metrics }, (_, index) => `metric ${String(index + 1)}`),
      ...this.#written.map(({ name }) => name),
      ...this.#gradientNames.map((name) => `gradient of ${name}`),
    ];
    const all = [...sums.slice(0, reported), ...written, ...sums.slice(reported)];
    return this.apply(allReduce.sum(all, names, reported + written.length));
  }

  /** A micro-batch of a replica, added to those before. @returns Loss, metrics, gradients: the replica's own. */
  accumulate({ share: { weight }, rows, carried }: ShareRecording): Tensor[] {
    const tf = this.#tf;
    let step: LocalStep | undefined;
    const written = writtenVariables(tf, () => {
      step = localStep(tf, this.#model, this.#makeTrainFunction, rows, weight);
    });
    if (written.some((variable) => copiesOf(variable) !== undefined))
      throw new UntraceableError('assign', 'changes a variable that synchronizes on read');
    // Moving averages and the like.
    this.#written = written.filter(({ dtype }) => dtype === 'float32');
    const { loss, gradients, metrics } = step as LocalStep;
    this.#gradientNames = Object.keys(gradients);
    this.#metrics = metrics.length;
    const own = [loss, ...metrics, ...Object.values(gradients)];
    return carried.length === 0 ? own : own.map((tensor, index) => tf.add(tensor, carried[index] as Tensor));
  }

  /**
   * Takes the step with what the replicas' values add up to, in the order in which {@link run} gives them. @returns As
   * {@link run}.
   */
  apply(reduced: readonly Tensor[]): Tensor[] {
    const [loss, ...rest] = reduced as [Scalar, ...Tensor[]];
    const metrics = rest.splice(0, this.#metrics) as Scalar[];
    for (const variable of this.#written) assignValue(variable, rest.shift() as Tensor);
    const gradients = Object.fromEntries(this.#gradientNames.map((name, index) => [name, rest[index] as Tensor]));
    const total = applyGradients(this.#tf, this.#model, [{ loss, gradients, metrics }], ([only]) => only as Tensor);
    return [total, ...metrics];
  }
}
