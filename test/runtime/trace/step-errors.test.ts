/** The one error that reports a failed step. */
import type { ReplicaDevice } from '../../../src/runtime/trace/replica-device.js';

import { expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { TensorFlowError } from '../../../src/runtime/tensorflow/status.js';
import { StatusCode } from '../../../src/runtime/tensorflow/status-code.js';
import { stepError } from '../../../src/runtime/trace/step-errors.js';

const replicas = [0, 1].map((index) => ({ device: { name: `CPU:${String(index)}` } }) as ReplicaDevice);

it.each(['train', 'cancelOrders', 'abortEarly', 'sumOfCollectives'])(
  'reports the replica that failed, not one that was cancelled because of it, in a function named %s',
  (name) => {
    const reported = (status: StatusCode, message: string): TensorFlowError =>
      new TensorFlowError(
        status,
        'queue',
        `{{function_node mirrorscope_${name}_1}} ${message}\n\t [[{{node GatherV2_20}}]]`,
      );
    const cancelled = { replica: 0, error: reported(StatusCode.Cancelled, 'Operation was cancelled') };
    const failed = { replica: 1, error: reported(StatusCode.InvalidArgument, 'indices[0] = 99 is not in [0, 4)') };
    const timedOut = {
      step: { name, devices: ['CPU:0', 'CPU:1'], collectives: [] },
      wait: { collective: 0, arrived: [0] },
      timeoutSeconds: 1,
    };
    expect(stepError({ name, replicas }, [cancelled, failed], timedOut)).toMatchObject({
      code: ErrorCode.ReplicaFailed,
      message: expect.stringMatching(/replica 1 \(CPU:1\)/) as unknown,
    });
    expect(stepError({ name, replicas }, [cancelled], timedOut)).toMatchObject({
      code: ErrorCode.CollectiveTimeout,
    });
  },
);
