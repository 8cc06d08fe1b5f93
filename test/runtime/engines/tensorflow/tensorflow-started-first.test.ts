/** Strategies that are made after TensorFlow has started, whose devices are then fixed. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { useBackend } from '../../../../src/runtime/backend/install.js';
import { ErrorCode, MirroredStrategy } from '../../../../src/runtime/index.js';
import { describeWithTensorFlow } from '../../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('a strategy that is made after the first tensor', () => {
  test('says what to do when it needs more devices than there are', () => {
    useBackend();
    tf.ones([1]).add(1).dataSync();
    expect(() => new MirroredStrategy({ devices: 2, engine: 'tensorflow' })).toThrow(
      expect.objectContaining({
        code: ErrorCode.UnknownDevice,
        hint: expect.stringMatching(/before any tensor/) as string,
      }),
    );
    expect(new MirroredStrategy({ devices: 1, engine: 'tensorflow' }).numReplicasInSync).toBe(1);
  });
});
