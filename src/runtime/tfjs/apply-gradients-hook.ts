/**
 * Notices when code applies gradients through an optimizer. Replaces `applyGradients` of the optimizer classes, and
 * `Optimizer.prototype.minimize`, on request.
 * Relies on tfjs-core 4.22, optimizers/*.ts: every class has an `applyGradients` of its own, and `minimize` calls it.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { NamedTensorMap, Optimizer, Scalar, Tensor } from '@tensorflow/tfjs';

import { overrideProperty } from './override-property.js';

/** The gradients that `applyGradients` takes: by variable name, or a list. */
export type Gradients = NamedTensorMap | readonly { readonly name: string; readonly tensor: Tensor | null }[];

/** One call of `applyGradients`. */
export interface GradientApplication {
  readonly optimizer: Optimizer;
  readonly gradients: Gradients;
  /** The second argument. TensorFlow.js has none. */
  readonly options: unknown;
  /** Applies gradients as the optimizer does by itself. */
  readonly apply: (gradients: Gradients) => void;
}

type MinimizeArguments = Parameters<Optimizer['minimize']>;

type ApplyGradients = (this: Optimizer, gradients: Gradients, options?: unknown) => void;

interface GradientsPrototype {
  applyGradients: ApplyGradients;
}

/** The prototype that an optimizer has its `applyGradients` from. */
function ownerOf(optimizer: object): GradientsPrototype | undefined {
  let owner: object | null = optimizer;
  while (owner !== null && !Object.hasOwn(owner, 'applyGradients'))
    owner = Object.getPrototypeOf(owner) as object | null;
  return owner === null ? undefined : (owner as GradientsPrototype);
}

/**
 * Calls `hook` instead of `applyGradients` from now on. A class that is not TensorFlow.js's own is noticed from its
 * first `minimize` on.
 *
 * @param tf - The TensorFlow.js whose optimizers to watch.
 * @param hook - Gets each call.
 * @returns A function that stops it.
 */
export function hookApplyGradients(tf: TensorFlowJs, hook: (application: GradientApplication) => void): () => void {
  const undo: (() => void)[] = [];
  const hooked = new Set<object>();
  const install = (owner: GradientsPrototype): void => {
    if (hooked.has(owner)) return;
    hooked.add(owner);
    const original = owner.applyGradients;
    undo.push(
      overrideProperty(owner, 'applyGradients', function (gradients, options) {
        hook({
          optimizer: this,
          gradients,
          options,
          apply: (own) => {
            original.call(this, own, options);
          },
        });
      }),
    );
  };
  const classes: readonly { readonly prototype: object }[] = [
    tf.SGDOptimizer,
    tf.MomentumOptimizer,
    tf.AdagradOptimizer,
    tf.AdadeltaOptimizer,
    tf.AdamOptimizer,
    tf.AdamaxOptimizer,
    tf.RMSPropOptimizer,
  ];
  for (const { prototype } of classes) install(prototype as GradientsPrototype);
  const base = tf.Optimizer.prototype as { minimize: (this: Optimizer, ...args: MinimizeArguments) => Scalar | null };
  const { minimize } = base;
  undo.push(
    overrideProperty(base, 'minimize', function (this: Optimizer, ...args) {
      const owner = ownerOf(this);
      if (owner !== undefined) install(owner);
      return minimize.apply(this, args);
    }),
  );
  return () => {
    for (const restore of undo.toReversed()) restore();
  };
}
