/**
 * Modules of tfjs-core 1.7.4 under dist/ that later releases no longer have, and which of their
 * exports are the very same values at the root, in 1.7.4 and still in 4.22.0. Data only.
 */
export const CORE_OPERATION_MODULES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'ops/array_ops',
    [
      'batchToSpaceND', 'buffer', 'cast', 'cumsum', 'depthToSpace', 'expandDims', 'print', 'reshape', 'setdiff1dAsync',
      'spaceToBatchND', 'squeeze', 'stack', 'unstack',
    ],
  ],
  ['ops/binary_ops', ['atan2', 'floorDiv', 'maximum', 'minimum', 'mod', 'mul', 'pow', 'sub']],
  ['ops/compare', ['equal', 'greater', 'greaterEqual', 'less', 'lessEqual', 'notEqual']],
  ['ops/complex_ops', ['complex', 'imag', 'real']],
  ['ops/concat_split', ['concat', 'concat1d', 'concat2d', 'concat3d', 'concat4d', 'split']],
  ['ops/conv', ['conv1d', 'conv2d', 'conv2dTranspose', 'conv3d', 'conv3dTranspose', 'depthwiseConv2d', 'separableConv2d']],
  ['ops/image_ops', []],
  ['ops/linalg_ops', []],
  ['ops/logical_ops', ['logicalAnd', 'logicalNot', 'logicalOr', 'logicalXor', 'where', 'whereAsync']],
  ['ops/loss_ops', ['Reduction']],
  ['ops/lrn', ['localResponseNormalization']],
  ['ops/lstm', ['basicLSTMCell', 'multiRNNCell']],
  ['ops/matmul', ['dot', 'matMul', 'outerProduct']],
  ['ops/reduction_ops', ['all', 'any', 'argMax', 'argMin', 'logSumExp', 'max', 'mean', 'min', 'moments', 'prod', 'sum']],
  ['ops/relu_ops', ['elu', 'leakyRelu', 'prelu', 'relu', 'relu6', 'selu']],
  ['ops/segment_ops', ['gather', 'unsortedSegmentSum']],
  ['ops/signal_ops', []],
  ['ops/spectral_ops', ['fft', 'ifft', 'irfft', 'rfft']],
  [
    'ops/tensor_ops',
    [
      'fill', 'linspace', 'ones', 'onesLike', 'range', 'scalar', 'tensor', 'tensor1d', 'tensor2d', 'tensor3d', 'tensor4d',
      'tensor5d', 'tensor6d', 'variable', 'zeros', 'zerosLike',
    ],
  ],
  [
    'ops/unary_ops',
    [
      'abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'clipByValue', 'cos', 'cosh', 'erf', 'exp', 'expm1',
      'floor', 'isFinite', 'isInf', 'isNaN', 'log', 'log1p', 'logSigmoid', 'neg', 'reciprocal', 'round', 'rsqrt', 'sigmoid',
      'sign', 'sin', 'sinh', 'softplus', 'sqrt', 'step', 'tan', 'tanh',
    ],
  ],
]);
