/** Valid calls of kernels whose tests only use large or complex tensors, or no kernel. Data only. */

/** @import { RecordedCall, RecordedInput } from './recorded-call.js' */

/**
 * @param {number[]} shape - Shape of the tensor.
 * @param {RecordedInput['dtype']} [dtype] - Its type.
 * @returns {RecordedInput} A tensor of ones.
 */
const ones = (shape, dtype = 'float32') => ({ shape, dtype, values: [1] });

/**
 * @param {string} kernel - Name of the kernel.
 * @param {RecordedCall['inputs']} inputs - Its inputs.
 * @param {RecordedCall['attributes']} [attributes] - Its attributes.
 * @returns {RecordedCall} The call.
 */
const call = (kernel, inputs, attributes = {}) => ({ kernel, inputs, isList: false, attributes });

/** @type {readonly RecordedCall[]} */
export const MORE_CALLS = [
  call('LogicalXor', { a: ones([2], 'bool'), b: ones([2], 'bool') }),
  call('ComplexAbs', { x: { ...ones([2]), dtype: 'complex64' } }),
  call('Real', { input: { ...ones([2]), dtype: 'complex64' } }),
  call('Imag', { input: { ...ones([2]), dtype: 'complex64' } }),
  call('FFT', { input: { ...ones([2, 4]), dtype: 'complex64' } }),
  call('IFFT', { input: { ...ones([2, 4]), dtype: 'complex64' } }),
  call('LowerBound', { sortedSequence: ones([1, 3]), values: ones([1, 2]) }),
  call('UpperBound', { sortedSequence: ones([1, 3]), values: ones([1, 2]) }),
  call('BroadcastTo', { x: ones([1, 2]) }, { shape: [3, 2] }),
  call('LogSoftmax', { logits: ones([2, 3]) }),
  call(
    'LRNGrad',
    { x: ones([1, 2, 2, 3]), y: ones([1, 2, 2, 3]), dy: ones([1, 2, 2, 3]) },
    { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 },
  ),
  call('MatrixBandPart', { input: ones([3, 3]), numLower: ones([], 'int32'), numUpper: ones([], 'int32') }),
  call('RotateWithOffset', { image: ones([1, 3, 3, 2]) }, { radians: 1, fillValue: 0, center: 0.5 }),
];
