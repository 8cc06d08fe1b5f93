/** What to do about an error of TensorFlow, by its code. Data only. */
import { StatusCode } from './status-code.js';

const INPUTS = 'check the shapes, types and values of its inputs.';
const STOPPED = 'it was stopped because another operation failed. The error of that one says why.';

/** The end of a sentence that says what failed. */
export const STATUS_HINTS: ReadonlyMap<StatusCode, string> = new Map([
  [StatusCode.InvalidArgument, INPUTS],
  [StatusCode.OutOfRange, INPUTS],
  [StatusCode.FailedPrecondition, 'check that what it uses exists already, and has a value.'],
  [StatusCode.Cancelled, STOPPED],
  [StatusCode.Aborted, STOPPED],
  [StatusCode.ResourceExhausted, 'the device has too little memory. Use a smaller batch or model.'],
  [
    StatusCode.Unavailable,
    'another process cannot be reached. Check that all processes run, and can reach each other.',
  ],
  [StatusCode.DeadlineExceeded, 'another process did not answer in time. Check that all processes run.'],
  [StatusCode.Unimplemented, 'this TensorFlow or device has no such operation for these types.'],
]);

/**
 * TensorFlow says this when it has ended all collectives of the process for good: some operation failed at the very
 * moment at which its step was being cancelled. Source: tensorflow/core/common_runtime/base_collective_executor.cc
 * (IsCancelled reads two flags, one after the other).
 */
export const ENDED_COLLECTIVES = 'Collective ops is aborted by';

/** What to do about it. */
export const ENDED_COLLECTIVES_HINT =
  'it has ended all collectives of this process after a step failed, and cannot begin them again. Start the program again.';

/** For the other codes. */
export const OTHER_STATUS_HINT = 'its message says why.';
