/** A wrong request for devices does not start TensorFlow, which would fix the devices. */
import { expect, test } from 'vitest';

import { MirroredStrategy } from '../../../../src/runtime/index.js';
import { describeWithTensorFlow } from '../../tensorflow/describe-with-tensorflow.js';

describeWithTensorFlow('a strategy after a wrong request', () => {
  test('gets the devices that it asks for', () => {
    expect(() => new MirroredStrategy({ devices: 0, engine: 'tensorflow' })).toThrow(/cannot have 0 devices/);
    expect(new MirroredStrategy({ devices: 2, engine: 'tensorflow' }).numReplicasInSync).toBe(2);
  });
});
