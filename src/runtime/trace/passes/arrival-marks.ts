/**
 * Makes a program tell, while it runs, where it is: when it comes to a collective, and when that has ended, it writes a mark into a board that
 * each call is given. Pure.
 * Source of the op, which writes into the memory of its first input, on the host for `int32`: tensorflow/core/kernels/inplace_ops.cc.
 */
import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import type { Handle } from '../../tensorflow/op-executor.js';
import { newHandle, type Program, type RecordedOperation } from '../program.js';
import { boardShape } from '../watchdog/mark-board.js';
import { MARKS } from '../watchdog/waiting-times.js';

const constant = (value: number, shape: readonly number[]): Handle => newHandle({ dtype: DataTypeCode.Int32, shape, constantValue: Int32Array.of(value) });

/**
 * Adds the marks, and the board as the first parameter.
 * @param instances - The number of each collective within the step, by its result.
 * @param count - How many the step has, those of other replicas included.
 */
export function addArrivalMarks(program: Program, instances: ReadonlyMap<Handle, number>, count: number): Program {
  const board = newHandle({ dtype: DataTypeCode.Int32, shape: boardShape(count) });
  const one = constant(1, [1, 1]);
  const mark = (row: number, controlInputs: readonly Handle[]): RecordedOperation => ({
    op: 'InplaceUpdate',
    attributes: NO_ATTRIBUTES,
    inputs: [board, constant(row, [1]), one],
    outputs: [newHandle({ dtype: DataTypeCode.Int32, shape: board.shape })],
    controlInputs,
  });
  const addedTo = new Map(program.operations.flatMap(({ op, inputs }) => (op === 'AddV2' ? [[inputs[1] as Handle, inputs[0] as Handle] as const] : [])));
  let sent: readonly Handle[] = [];
  const marks = program.operations.flatMap(({ op, inputs, outputs: [result] }) => {
    const instance = result === undefined ? undefined : instances.get(result);
    if (result === undefined || instance === undefined) return [];
    // One that only receives starts to wait with the function. Its replica has come to it with the value that it adds, or has sent.
    const own = op === 'CollectiveBcastRecvV2' ? [...sent, ...[addedTo.get(result) ?? []].flat()] : [inputs[0] as Handle];
    if (op !== 'CollectiveBcastRecvV2') sent = own;
    return [mark(instance * MARKS, own), mark(instance * MARKS + 1, [result])];
  });
  return { ...program, operations: [...program.operations, ...marks], parameters: [board, ...program.parameters] };
}
