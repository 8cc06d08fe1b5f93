/**
 * Makes optimizers sum gradients over the replicas, as TensorFlow's optimizers do when they run in a replica. Touches
 * the classes of TensorFlow.js's optimizers while replicas run; writes to the console.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { NamedTensorMap, Optimizer, Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { type GradientApplication, type Gradients, hookApplyGradients } from '../tfjs/apply-gradients-hook.js';

import { Combination } from './combination.js';
import { currentFrame } from './context.js';
import { isReduced } from './reduced-tensors.js';
import { channelOf } from './replica-channels.js';

/** Options of `applyGradients` in a replica. */
export interface ApplyGradientsOptions {
  /**
   * The gradients are summed over the replicas already, and equal on each of them. Default: false, so that
   * `applyGradients` sums them. As in `tf.keras.optimizers`.
   */
  readonly skipGradientsAggregation?: boolean | undefined;
}

/**
 * An optimizer of TensorFlow.js, with the option that `applyGradients` has in a replica.
 *
 * @example
 * ```ts
 * const optimizer = tf.train.sgd(0.1) as DistributedOptimizer;
 * optimizer.applyGradients(reduced, { skipGradientsAggregation: true });
 * ```
 */
export type DistributedOptimizer = Optimizer & {
  applyGradients(gradients: NamedTensorMap, options?: ApplyGradientsOptions): void;
};

/** The optimizers that a warning was printed for. */
const WARNED = new WeakSet<Optimizer>();

interface NamedGradient {
  readonly name: string;
  readonly tensor: Tensor | null | undefined;
}

function asList(gradients: Gradients): readonly NamedGradient[] {
  if (Array.isArray(gradients)) return gradients as readonly NamedGradient[];
  return Object.entries(gradients as NamedTensorMap).map(([name, tensor]) => ({ name, tensor }));
}

function asMap(gradients: readonly NamedGradient[]): NamedTensorMap {
  return Object.fromEntries(gradients.map(({ name, tensor }) => [name, tensor])) as NamedTensorMap;
}

function skipsAggregation(options: unknown): boolean {
  if (options === undefined) return false;
  const { skipGradientsAggregation, ...others } = (options ?? {}) as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (options === null || typeof options !== 'object' || unknown !== undefined)
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      unknown === undefined
        ? `The options of applyGradients must be an object, not ${typeof options}.`
        : `applyGradients has no option ${JSON.stringify(unknown)}.`,
      { hint: 'It takes skipGradientsAggregation.' },
    );
  return skipGradientsAggregation === true;
}

function warnOfSecondSum(optimizer: Optimizer, replicas: number): void {
  if (WARNED.has(optimizer)) return;
  WARNED.add(optimizer);
  console.warn(
    `mirrorscope: gradients that were all-reduced are passed to applyGradients of ${optimizer.getClassName()}, which ` +
      `sums them over the ${replicas} replicas once more. Pass the replica's own gradients, or pass ` +
      '{ skipGradientsAggregation: true } as the second argument.',
  );
}

function applyInReplica({ optimizer, gradients, options, apply }: GradientApplication): void {
  const frame = currentFrame();
  const replica = frame?.replica;
  const channel = replica === undefined ? undefined : channelOf(replica);
  if (frame?.isRun !== true || replica === undefined || channel === undefined || replica.numReplicasInSync === 1) {
    apply(gradients);
    return;
  }
  const skips = skipsAggregation(options);
  const named = asList(gradients);
  const own = named.flatMap(({ tensor }) => tensor ?? []);
  if (!skips && own.some(isReduced)) warnOfSecondSum(optimizer, replica.numReplicasInSync);
  channel.update({
    name: 'applyGradients',
    combination: skips ? Combination.Equal : Combination.Sum,
    tensors: own,
    apply(combined) {
      let next = 0;
      const summed = named.map(({ name, tensor }) => ({
        name,
        tensor: (tensor ?? null) === null ? null : (combined[next++] as Tensor),
      }));
      apply(Array.isArray(gradients) ? summed : asMap(summed));
    },
  });
}

/**
 * Runs code of replicas in which optimizers sum gradients over the replicas.
 *
 * @param tf - The TensorFlow.js whose optimizers the code uses.
 * @param body - Runs the replicas.
 * @returns What `body` returns.
 */
export function aggregatingGradients<Result>(tf: TensorFlowJs, body: () => Result): Result {
  const stop = hookApplyGradients(tf, applyInReplica);
  try {
    return body();
  } finally {
    stop();
  }
}
