/** Lowerings of normalizations that TensorFlow has one op for. Pure. */
import type { HloValue } from './hlo-types.js';
import type { Lowering, Lowerings } from './lowering.js';

import { NoLoweringError } from './no-lowering-error.js';

/** With moving averages only: in training, TensorFlow.js composes a batch normalization from basic ops. */
const batchNormalization: Lowering = (call) => {
  const { builder } = call;
  if (call.flag('is_training', true)) throw new NoLoweringError('FusedBatchNorm of a training step');
  const [x, scale, offset, mean, variance] = [0, 1, 2, 3, 4].map((index) => call.input(index)) as [
    HloValue,
    HloValue,
    HloValue,
    HloValue,
    HloValue,
  ];
  const epsilon = builder.constant(call.number('epsilon') ?? 1e-4, variance);
  const factor = builder.binary('multiply', scale, builder.unary('rsqrt', builder.binary('add', variance, epsilon)));
  const toChannels = (value: HloValue): HloValue => builder.broadcastInDim(value, x.shape, [x.shape.length - 1]);
  const centered = builder.binary('subtract', x, toChannels(mean));
  const y = builder.binary('add', builder.binary('multiply', centered, toChannels(factor)), toChannels(offset));
  // The other outputs repeat the statistics.
  return [y, mean, variance, mean, variance, mean].slice(0, call.operation.outputs.length);
};

export const NORMALIZATION_LOWERINGS: Lowerings = {
  FusedBatchNorm: batchNormalization,
  FusedBatchNormV3: batchNormalization,
};
