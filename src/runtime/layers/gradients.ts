/** The gradients of one replica, and applying the sum of all by the model's own optimizer. */
import type { BatchData, DistributableModel, TrainFunction } from '../tfjs/layers-model.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** What one replica contributes to a step. */
export interface LocalStep {
  /** The mean loss of its rows times its share of the batch: the losses of all replicas add up to the step's. */
  readonly loss: Scalar;
  /** Gradients of that loss by variable name; variables that the loss does not depend on are missing. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** Its own metrics, each a mean over its rows times its share of the batch: they add up, too. */
  readonly metrics: readonly Scalar[];
}

/** Takes the optimizer's place in TensorFlow.js's training step, and collects the gradients instead of applying them. */
function collectingOptimizer(tf: TensorFlowJs, weight: number, collect: (step: Omit<LocalStep, 'metrics'>) => void) {
  return {
    minimize(computeLoss: () => Scalar, _returnCost: boolean, variables: Variable[]): Scalar {
      const { value, grads } = tf.variableGrads(() => tf.mul<Scalar>(computeLoss(), weight), variables);
      const gradients = Object.fromEntries(Object.entries(grads).filter(([, gradient]) => gradient !== null));
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
  // A view of the model, so that nothing of the model itself changes.
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
 * @param before - The sum so far, which is released. Absent: there is none.
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

/** A function whose value and gradients are given; what an optimizer minimizes is then already computed. */
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
 * Adds the gradients of all replicas and lets the model's optimizer take one step with them, through its own `minimize`, so
 * that optimizers which override parts of it behave as they do on one device.
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
