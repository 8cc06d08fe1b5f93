/** What a step that failed on some replicas is reported as. */
import type { ReplicaDevice } from '../../../src/runtime/trace/replica-device.js';

import { expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { StatusCode, TensorFlowError } from '../../../src/runtime/tensorflow/status.js';
import { stepError } from '../../../src/runtime/trace/step-errors.js';

const places = [0, 1].map((index) => ({ device: { name: `CPU:${String(index)}` } }) as ReplicaDevice);

it.each(['train', 'cancelOrders', 'abortEarly', 'sumOfCollectives'])(
  'blames the replica that failed, not one that was cancelled for it, in a function named %s',
  (name) => {
    const told = (status: StatusCode, words: string): TensorFlowError =>
      new TensorFlowError(
        status,
        'queue',
        `{{function_node mirrorscope_${name}_1}} ${words}\n\t [[{{node GatherV2_20}}]]`,
      );
    const failures = [
      { replica: 0, error: told(StatusCode.Cancelled, 'Operation was cancelled') },
      { replica: 1, error: told(StatusCode.InvalidArgument, 'indices[0] = 99 is not in [0, 4)') },
    ];
    const timedOut = {
      step: { name, devices: ['CPU:0', 'CPU:1'], collectives: [] },
      wait: { collective: 0, arrived: [0] },
      timeoutSeconds: 1,
    };
    expect(stepError({ name, places }, failures, timedOut)).toMatchObject({
      code: ErrorCode.ReplicaFailed,
      message: expect.stringMatching(/replica 1 \(CPU:1\)/),
    });
    expect(stepError({ name, places }, failures.slice(0, 1), timedOut)).toMatchObject({
      code: ErrorCode.CollectiveTimeout,
    });
  },
);
