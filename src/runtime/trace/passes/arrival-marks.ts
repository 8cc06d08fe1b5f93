/**
 * Makes a program tell, while it runs, where it is: when it comes to a collective, and when that has ended, it writes a mark into a board that
 * each call is given. Pure.
 * Source of the op, which writes into the memory of its first input, on the host where that is `int32`: tensorflow/core/kernels/inplace_ops.cc.
 */
import type { Handle } from '../../tensorflow/op-executor.js';

import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { newHandle, type Program, type RecordedOperation, replaceInputs } from '../program.js';
import { boardShape } from '../watchdog/progress-board.js';
import { MARKS } from '../watchdog/waiting-times.js';

const constant = (value: number, shape: readonly number[], dtype = DataTypeCode.Int32): Handle =>
  newHandle({
    dtype,
    shape,
    constantValue: dtype === DataTypeCode.Float ? Float32Array.of(value) : Int32Array.of(value),
  });

/**
 * Adds the marks, and the board as the first parameter.
 * @param instances - The number of each collective within the step, by its result.
 * @param count - How many the step has, those of other replicas included.
 * @param dtype - Of the boards.
 */
export function addArrivalMarks(
  program: Program,
  instances: ReadonlyMap<Handle, number>,
  count: number,
  dtype: DataTypeCode,
): Program {
  const board = newHandle({ dtype, shape: boardShape(count) });
  const one = constant(1, [1, 1], dtype);
  const mark = (row: number, controlInputs: readonly Handle[]): RecordedOperation => ({
    op: 'InplaceUpdate',
    attributes: NO_ATTRIBUTES,
    inputs: [board, constant(row, [1]), one],
    outputs: [newHandle({ dtype, shape: board.shape })],
    controlInputs,
  });
  const addedTo = new Map(
    program.operations.flatMap(({ op, inputs }) =>
      op === 'AddV2' ? [[inputs[1] as Handle, inputs[0] as Handle] as const] : [],
    ),
  );
  let sent: readonly Handle[] = [];
  const arrivals: RecordedOperation[] = [];
  const goneOn = new Map<Handle, Handle>();
  const operations = program.operations.flatMap((operation): RecordedOperation[] => {
    const {
      op,
      inputs,
      outputs: [result],
    } = operation;
    const instance = result === undefined ? undefined : instances.get(result);
    if (result === undefined || instance === undefined) return [replaceInputs(operation, goneOn)];
    // One that only receives starts to wait with the function. Its replica has come to it with the value that it adds, or has sent.
    const own =
      op === 'CollectiveBcastRecvV2' ? [...sent, ...[addedTo.get(result) ?? []].flat()] : [inputs[0] as Handle];
    if (op !== 'CollectiveBcastRecvV2') sent = own;
    arrivals.push(mark(instance * MARKS, own));
    const ended = mark(instance * MARKS + 1, [result]);
    // Nothing goes on before the mark is made: behind a long computation it would come too late, and the replica seem to wait.
    const value = newHandle({ dtype: result.dtype, shape: result.shape });
    goneOn.set(result, value);
    return [
      replaceInputs(operation, goneOn),
      ended,
      { op: 'Identity', attributes: NO_ATTRIBUTES, inputs: [result], outputs: [value], controlInputs: ended.outputs },
    ];
  });
  const results = program.results.map((handle) => goneOn.get(handle) ?? handle);
  return { ...program, operations: [...operations, ...arrivals], results, parameters: [board, ...program.parameters] };
}
