import { expect, test } from 'vitest';

import { TensorFlowError } from '../../../src/runtime/tensorflow/status.js';
import { StatusCode } from '../../../src/runtime/tensorflow/status-code.js';

test.each([
  [StatusCode.InvalidArgument, /failed with InvalidArgument: check the shapes/],
  [StatusCode.Unavailable, /failed with Unavailable: another process cannot be reached/],
  [StatusCode.DeadlineExceeded, /did not answer in time/],
  [StatusCode.ResourceExhausted, /too little memory/],
  [StatusCode.DataLoss, /its message says why\.$/],
])('the hint of status %i says what to do', (status, hint) => {
  expect(new TensorFlowError(status, 'TFE_Execute', 'a message').hint).toMatch(hint);
});

test('says that TensorFlow begins no collective again', () => {
  const message = 'Collective ops is aborted by: Operation was cancelled for BufRendezvous key 2:52:0:0:0:1:0';
  expect(new TensorFlowError(StatusCode.Cancelled, 'queue', message).hint).toMatch(/Start the program again/);
});
