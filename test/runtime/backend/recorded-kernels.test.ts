/** Kernels that look at the values of their inputs to check them: a step that uses them is still recorded. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { useBackend } from '../../../src/runtime/backend/install.js';
import { RecordingExecutor } from '../../../src/runtime/trace/recording-executor.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('a kernel that checks the values of its inputs', () => {
  it.each([
    [
      'RaggedTensorToTensor',
      () => ({
        shape: tf.tensor1d([2, 3], 'int32'),
        values: tf.tensor1d([1, 2, 3, 4]),
        defaultValue: tf.scalar(0),
        rowPartitionTensors: [tf.tensor1d([0, 3, 4], 'int32')],
      }),
      { rowPartitionTypes: ['ROW_SPLITS'] },
      [1, 2, 3, 4, 0, 0],
    ],
    [
      'SparseSegmentSum',
      () => ({
        data: tf.tensor2d([[1], [2], [4]]),
        indices: tf.tensor1d([0, 2], 'int32'),
        segmentIds: tf.tensor1d([0, 0], 'int32'),
      }),
      {},
      [5],
    ],
  ])('%s', (name, inputs, attributes, expected) => {
    const backend = useBackend();
    const own = backend.executor;
    const recorder = new RecordingExecutor(own);
    const given = inputs();
    backend.executor = recorder;
    let result: tf.Tensor | undefined;
    try {
      result = tf.engine().runKernel(name, given as never, attributes) as unknown as tf.Tensor;
    } finally {
      backend.executor = own;
    }
    expect([...result.dataSync()]).toEqual(expected);
    expect(recorder.operations.map(({ op }) => op)).toContain(name);
  });
});
