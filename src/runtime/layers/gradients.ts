/** Computes the gradients of one replica, and applies the sum over all replicas. Touches the model's variables. */
import type { BatchData, DistributableModel, TrainFunction } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** The contribution of one replica to a step. */
export interface LocalStep {
  /** The mean loss of its rows times its share of the batch. The sum over all replicas is the loss of the step. */
  readonly loss: Scalar;
  /** Gradients of that loss by variable name; variables that the loss does not depend on are missing. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** Its metrics, each a mean over its rows times its share of the batch. They add up, too. */
  readonly metrics: readonly Scalar[];
}

/**
 * Takes the optimizer's place in TensorFlow.js's training step, and collects the gradients instead of applying them.
 */
function collectingOptimizer(tf: TensorFlowJs, weight: number, collect: (step: Omit<LocalStep, 'metrics'>) => void) {
  return {
    minimize(computeLoss: () => Scalar, _returnCost: boolean, variables: Variable[]): Scalar {
      const { value, grads } = tf.variableGrads(() => tf.mul<Scalar>(computeLoss(), weight), variables);
      const gradients = Object.fromEntries(
        Object.entries<Tensor | null>(grads).filter((entry): entry is [string, Tensor] => entry[1] !== null),
      );
      collect({ loss: value, gradients: gradients });
      return value;
    },
  };
}

/**
 * Runs TensorFlow.js's own training step on one replica's rows, up to the gradients.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param model - The model.
 * @param makeTrainFunction - The model's own method.
 * @param data - The replica's rows.
 * @param weight - The replica's share of the global batch, 0 to 1.
 * @returns The replica's part of the step.
 * @throws {MirrorscopeError} `STRATEGY_MISUSE` when the model's training step does not use its optimizer.
 */
export function localStep(
  tf: TensorFlowJs,
  model: DistributableModel,
  makeTrainFunction: () => TrainFunction,
  data: BatchData,
  weight: number,
): LocalStep {
  let collected: Omit<LocalStep, 'metrics'> | undefined;
  const optimizer = collectingOptimizer(tf, weight, (step) => {
    collected = step;
  });
  // On a view, so that the model itself does not change.
  const view = Object.create(model, { optimizer_: { value: optimizer } }) as DistributableModel;
  const [, ...metrics] = makeTrainFunction.call(view)(data);
  if (collected === undefined) {
    throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'The model’s training step did not use its optimizer.', {
      hint: 'A model that overrides makeTrainFunction must train through this.optimizer_.minimize.',
    });
  }
  const shares = metrics.map((metric) => tf.mul<Scalar>(metric, weight));
  // TensorFlow.js keeps them, so no tidy releases them.
  tf.dispose(metrics);
  return { ...collected, metrics: shares };
}

/**
 * Runs a step on further rows, and adds it to the sum of those before.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param before - The sum so far, which is released; undefined for the first rows.
 * @param run - Computes the step.
 * @returns The new sum.
 */
export function addToStep(tf: TensorFlowJs, before: LocalStep | undefined, run: () => LocalStep): LocalStep {
  if (before === undefined) return run();
  const both = tf.tidy(() => {
    const { loss, gradients, metrics } = run();
    const names = new Set([...Object.keys(before.gradients), ...Object.keys(gradients)]);
    return {
      loss: tf.add(before.loss, loss),
      gradients: Object.fromEntries(
        [...names].map((name) => [name, tf.addN([before.gradients, gradients].flatMap((some) => some[name] ?? []))]),
      ),
      metrics: metrics.map((metric, index) => tf.add(metric, before.metrics[index] as Scalar)),
    } as never;
  }) as LocalStep;
  tf.dispose(before as never);
  return both;
}

/** Makes a function with a known value and known gradients, for an optimizer to minimize. */
function givenLoss(
  tf: TensorFlowJs,
  loss: Scalar,
  variables: readonly Variable[],
  gradients: readonly Tensor[],
): () => Scalar {
  const compute = tf.customGrad(() => ({
    value: tf.clone(loss),
    gradFunc: (upstream: Tensor) => gradients.map((gradient) => tf.mul(gradient, upstream)),
  }));
  return () => compute(...variables) as Scalar;
}

/**
 * Adds up the gradients of all replicas and applies them. Calls the optimizer's own `minimize`, so that optimizers that
 * override parts of it behave as on one device.
 *
 * @param tf - The TensorFlow.js to compute with.
 * @param model - The model.
 * @param steps - The part of each local replica.
 * @param sum - Adds one tensor per replica.
 * @returns The loss of the global batch.
 */
export function applyGradients(
  tf: TensorFlowJs,
  model: DistributableModel,
  steps: readonly LocalStep[],
  sum: (tensors: readonly Tensor[]) => Tensor,
): Scalar {
  const variables = model.collectedTrainableWeights.map((weight) => weight.read());
  const connected = variables.filter(({ name }) => steps.some(({ gradients }) => gradients[name] !== undefined));
  const gradients = connected.map(({ name }) => sum(steps.flatMap((step) => step.gradients[name] ?? [])));
  const loss = sum(steps.map((step) => step.loss)) as Scalar;
  const optimizer: Optimizer = model.optimizer_;
  return optimizer.minimize(givenLoss(tf, loss, connected, gradients), true, variables) as Scalar;
}
