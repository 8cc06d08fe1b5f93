/** Replicas that run inside a recording, with the variables that have a value on each replica. Reads tfjs variables. */
import type { MirrorscopeBackend } from '../../backend/mirrorscope-backend.js';
import type { Handle } from '../../tensorflow/op-executor.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { RecordingExecutor } from '../../trace/recording-executor.js';

import { registeredVariables } from '../../tfjs/registered-variables.js';
import { copiesOf } from '../../tfjs/replica-copies.js';
import { flatInputs } from '../../trace/program.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/**
 * Runs replicas, and refuses the recording if they use variables that have a value on each replica: the recording is
 * one function, whose parameters have one value.
 *
 * @param tf - The TensorFlow.js that owns the variables.
 * @param backend - The backend that holds their values.
 * @param recorder - The recording.
 * @param run - Runs the replicas.
 * @returns What `run` returns.
 * @throws {UntraceableError} when the replicas read or change such a variable.
 */
export function refusingCopies<Result>(
  tf: TensorFlowJs,
  backend: MirrorscopeBackend,
  recorder: RecordingExecutor,
  run: () => Result,
): Result {
  const before = registeredVariables(tf).flatMap((variable) => {
    const copies = copiesOf(variable);
    return copies === undefined ? [] : [{ variable, copies }];
  });
  if (before.length === 0) return run();
  const handles = new Set<Handle>(before.flatMap(({ copies }) => copies.map((copy) => backend.handleOf(copy))));
  const start = recorder.operations.length;
  const result = run();
  const isRead = recorder.operations
    .slice(start)
    .some(({ inputs }) => flatInputs(inputs).some((handle) => handles.has(handle)));
  if (isRead || before.some(({ variable, copies }) => copiesOf(variable) !== copies))
    throw new UntraceableError('strategy.run', 'uses a variable that synchronizes on read');
  return result;
}
