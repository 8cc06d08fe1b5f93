/**
 * Keeps batch normalization from updating its moving averages with the statistics of no examples, which are NaN. As in
 * Keras. Replaces `BatchNormalization.prototype.call` on request.
 * Relies on tfjs-layers 4.22, layers/normalization.ts: `call` writes `movingMean` and `movingVariance` in training.
 */
import type { LayerWeight } from './layers-model.js';
import type { TensorFlowJs } from './load-tfjs.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { batchNormalizationClass, type BatchNormalizationLayer } from './batch-normalization-layer.js';
import { overrideProperty } from './override-property.js';
import { assignValue } from './registered-variables.js';

type CallArguments = Parameters<BatchNormalizationLayer['call']>;

interface LayerPrototype {
  call: (this: BatchNormalizationLayer, ...args: CallArguments) => Tensor | Tensor[];
}

function variableOf(weight: object): Variable {
  return (weight as LayerWeight).read();
}

const PROTOTYPES = new WeakMap<TensorFlowJs, BatchNormalizationLayer>();

function prototypeOf(tf: TensorFlowJs): BatchNormalizationLayer {
  const known = PROTOTYPES.get(tf);
  if (known !== undefined) return known;
  const made = batchNormalizationClass(tf, 'batch_normalization_updates').prototype as BatchNormalizationLayer;
  PROTOTYPES.set(tf, made);
  return made;
}

/**
 * Runs code in which batch normalization ignores inputs without examples.
 *
 * @param tf - The TensorFlow.js of the layers.
 * @param body - Runs once.
 * @returns What `body` returns.
 */
export function ignoringEmptyBatches<Result>(tf: TensorFlowJs, body: () => Result): Result {
  const prototype: LayerPrototype = prototypeOf(tf);
  const { call } = prototype;
  const stop = overrideProperty(prototype, 'call', function (this: BatchNormalizationLayer, ...args: CallArguments) {
    const [input] = [args[0]].flat();
    if (input?.size !== 0) return call.apply(this, args);
    const averages: Variable[] = [this.movingMean, this.movingVariance].map(variableOf);
    const before = averages.map((average) => tf.clone<Tensor>(average));
    const output = call.apply(this, args);
    averages.forEach((average, index) => {
      assignValue(average, before[index] as Tensor);
    });
    tf.dispose(before);
    return output;
  });
  try {
    return body();
  } finally {
    stop();
  }
}
