/**
 * Recordings of code that runs replicas, with the variables that have a value on each replica. Reads tfjs variables.
 */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { RecordingExecutor } from './recording-executor.js';

import { registeredVariables } from '../tfjs/registered-variables.js';
import { copiesOf } from '../tfjs/replica-copies.js';

import { flatInputs } from './program.js';
import { UntraceableError } from './untraceable-error.js';

/**
 * Watches for a recording of code that runs replicas in turns, with variables that have a value on each replica. It
 * must be refused: the parameters of the function that it becomes have one value. Call it before the recording starts,
 * since it moves values to the device.
 *
 * @param tf - The TensorFlow.js that owns the variables.
 * @param backend - The backend that holds their values.
 * @returns A function that checks the recording.
 */
export function watchCopies(tf: TensorFlowJs, backend: MirrorscopeBackend): (recorder: RecordingExecutor) => void {
  const before = registeredVariables(tf).flatMap((variable) => {
    const copies = copiesOf(variable);
    return copies === undefined ? [] : [{ variable, copies }];
  });
  const handles = new Set<Handle>(before.flatMap(({ copies }) => copies.map((copy) => backend.handleOf(copy))));
  return ({ operations }) => {
    if (before.length === 0) return;
    const isRead = operations.some(({ inputs }) => flatInputs(inputs).some((handle) => handles.has(handle)));
    if (isRead || before.some(({ variable, copies }) => copiesOf(variable) !== copies))
      throw new UntraceableError('strategy.run', 'uses a variable that synchronizes on read');
  };
}
