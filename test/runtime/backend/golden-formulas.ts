/** Formulas in TensorFlow.js for the cases of scripts/goldens/generate_goldens.py, under the same names. */
import * as tf from '@tensorflow/tfjs';

type Formula = (inputs: tf.Tensor[]) => tf.Tensor;

const one =
  (fn: (x: tf.Tensor) => tf.Tensor): Formula =>
  ([x]) =>
    fn(x as tf.Tensor);
const two =
  (fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Formula =>
  ([a, b]) =>
    fn(a as tf.Tensor, b as tf.Tensor);

const four = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;
const five = (x: tf.Tensor): tf.Tensor5D => x as tf.Tensor5D;

export const OP_FORMULAS = new Map<string, Formula>([
  ['add', two(tf.add)],
  ['sub', two(tf.sub)],
  ['mul', two(tf.mul)],
  ['div', two(tf.div)],
  ['pow', two(tf.pow)],
  ['maximum', two(tf.maximum)],
  ['minimum', two(tf.minimum)],
  ['squaredDifference', two(tf.squaredDifference)],
  ['atan2', two(tf.atan2)],
  ['floorDiv', two(tf.floorDiv)],
  ['mod', two(tf.mod)],
  ['exp', one(tf.exp)],
  ['log', one(tf.log)],
  ['log1p', one(tf.log1p)],
  ['sqrt', one(tf.sqrt)],
  ['rsqrt', one(tf.rsqrt)],
  ['erf', one(tf.erf)],
  ['sin', one(tf.sin)],
  ['tanh', one(tf.tanh)],
  ['sigmoid', one(tf.sigmoid)],
  ['softplus', one(tf.softplus)],
  ['relu', one(tf.relu)],
  ['relu6', one(tf.relu6)],
  ['elu', one(tf.elu)],
  ['selu', one(tf.selu)],
  ['leakyRelu', one((x) => tf.leakyRelu(x, 0.1))],
  ['softmax', one((x) => tf.softmax(x))],
  ['logSoftmax', one((x) => tf.logSoftmax(x))],
  ['clipByValue', one((x) => tf.clipByValue(x, -0.5, 0.5))],
  ['sum', one((x) => tf.sum(x, 1))],
  ['mean', one((x) => tf.mean(x, 0, true))],
  ['max', one((x) => tf.max(x, 1))],
  ['min', one((x) => tf.min(x, 1))],
  ['prod', one((x) => tf.prod(x, 1))],
  ['cumsum', one((x) => tf.cumsum(x, 1, true))],
  ['matMul', two((a, b) => tf.matMul(a, b, false, true))],
  [
    'attention',
    ([q, k, v]) =>
      tf.matMul(tf.softmax(tf.div(tf.matMul(q as tf.Tensor, k as tf.Tensor, false, true), 2)), v as tf.Tensor),
  ],
  ['einsum', two((a, b) => tf.einsum('bij,jk->bik', a, b))],
  ['conv2d', two((x, f) => tf.conv2d(four(x), four(f), 1, 'valid'))],
  ['conv2dStrided', two((x, f) => tf.conv2d(four(x), four(f), 2, 'same'))],
  ['conv2dExplicit', two((x, f) => tf.conv2d(four(x), four(f), 1, 1))],
  ['conv2dTranspose', two((x, f) => tf.conv2dTranspose(four(x), four(f), [1, 6, 6, 3], 2, 'same'))],
  ['conv3d', two((x, f) => tf.conv3d(five(x), five(f), 1, 'valid'))],
  ['depthwiseConv2d', two((x, f) => tf.depthwiseConv2d(four(x), four(f), 1, 'same'))],
  ['depthwiseConv2dDilated', two((x, f) => tf.depthwiseConv2d(four(x), four(f), 1, 'valid', 'NHWC', 2))],
  ['maxPool', one((x) => tf.maxPool(four(x), 2, 2, 'valid'))],
  ['avgPool', one((x) => tf.avgPool(four(x), 3, 2, 'same'))],
  ['maxPool3d', one((x) => tf.maxPool3d(five(x), 2, 2, 'valid'))],
  ['avgPool3d', one((x) => tf.avgPool3d(five(x), 2, 2, 'same'))],
  ['localResponseNormalization', one((x) => tf.localResponseNormalization(four(x), 2, 1, 0.5, 0.75))],
  [
    'batchNorm',
    ([x, mean, variance, offset, scale]) =>
      tf.batchNorm(x as tf.Tensor, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, 1e-3),
  ],
  ['gather', one((x) => tf.gather(x, tf.tensor1d([4, 0, 0, 2], 'int32')))],
  ['concat', two((a, b) => tf.concat([a, b], 1))],
  ['slice', one((x) => tf.slice(x, [1, 2], [2, 3]))],
  ['stridedSlice', one((x) => tf.stridedSlice(x, [0, 1], [5, 6], [2, 3]))],
  [
    'pad',
    one((x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
    ),
  ],
  [
    'mirrorPad',
    one((x) =>
      tf.mirrorPad(
        x,
        [
          [2, 1],
          [1, 2],
        ],
        'reflect',
      ),
    ),
  ],
  ['transpose', one((x) => tf.transpose(x, [2, 0, 1]))],
  ['tile', one((x) => tf.tile(x, [2, 2]))],
  ['where', two((a, b) => tf.where(tf.tensor(a.arraySync()).greater(0), a, b))],
  ['unsortedSegmentSum', one((x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 2, 0, 1, 2], 'int32'), 3))],
  // Python's tf.image.resize samples at half-pixel centers.
  ['resizeBilinear', one((x) => tf.image.resizeBilinear(four(x), [7, 6], false, true))],
  ['resizeNearestNeighbor', one((x) => tf.image.resizeNearestNeighbor(four(x), [8, 8], false, true))],
  ['oneHot', one((x) => tf.oneHot(x, 4, 1, 0, 'float32'))],
  ['topk', one((x) => tf.topk(x, 3).values)],
  ['argMax', one((x) => tf.argMax(x, 1))],
  ['fft', one((x) => tf.abs(tf.spectral.fft(tf.complex(x, tf.zerosLike(x)))))],
  ['rfft', one((x) => tf.abs(tf.spectral.rfft(x)))],
  ['bincount', one((x) => tf.bincount(x as tf.Tensor1D, tf.tensor1d([], 'int32'), 4))],
  [
    'cropAndResize',
    two((x, boxes) => tf.image.cropAndResize(four(x), boxes as tf.Tensor2D, tf.tensor1d([0], 'int32'), [3, 3])),
  ],
  [
    'nonMaxSuppression',
    two((boxes, scores) => tf.image.nonMaxSuppression(boxes as tf.Tensor2D, scores as tf.Tensor1D, 3, 0.5)),
  ],
]);

export const LAYER_FORMULAS = new Map<string, () => tf.layers.Layer>([
  ['dense', () => tf.layers.dense({ units: 4, activation: 'tanh' })],
  ['conv1d', () => tf.layers.conv1d({ filters: 4, kernelSize: 3, padding: 'same' })],
  ['conv2d', () => tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' })],
  ['conv2dTranspose', () => tf.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' })],
  ['depthwiseConv2d', () => tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 })],
  ['separableConv2d', () => tf.layers.separableConv2d({ filters: 4, kernelSize: 3, padding: 'same' })],
  ['maxPooling2d', () => tf.layers.maxPooling2d({ poolSize: 2 })],
  ['averagePooling2d', () => tf.layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  ['globalAveragePooling2d', () => tf.layers.globalAveragePooling2d({})],
  ['batchNormalization', () => tf.layers.batchNormalization()],
  ['layerNormalization', () => tf.layers.layerNormalization()],
  ['embedding', () => tf.layers.embedding({ inputDim: 6, outputDim: 3 })],
  ['simpleRnn', () => tf.layers.simpleRNN({ units: 4 })],
  ['lstm', () => tf.layers.lstm({ units: 4, recurrentActivation: 'sigmoid' })],
  ['lstmSequences', () => tf.layers.lstm({ units: 3, recurrentActivation: 'sigmoid', returnSequences: true })],
  ['gru', () => tf.layers.gru({ units: 4, recurrentActivation: 'sigmoid' })],
  [
    'bidirectionalLstm',
    () =>
      tf.layers.bidirectional({
        layer: tf.layers.lstm({ units: 3, recurrentActivation: 'sigmoid' }),
        mergeMode: 'concat',
      }),
  ],
]);
