/**
 * Makes a program report its progress while it runs: when it reaches a collective, and when the collective has ended,
 * it writes a mark to a board that each call passes. Pure. Source of the op, which writes into the memory of its first
 * input (on the host for `int32`): tensorflow/core/kernels/inplace_ops.cc.
 */
import type { Handle } from '../../tensorflow/op-executor.js';

import { NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { newHandle, type Program, type RecordedOperation, replaceInputs, tensorInput } from '../program.js';
import { boardShape, markRow, ProgressMark } from '../watchdog/board-layout.js';

const constant = (value: number, shape: readonly number[], dtype = DataTypeCode.Int32): Handle =>
  newHandle({
    dtype,
    shape,
    constantValue: dtype === DataTypeCode.Float ? Float32Array.of(value) : Int32Array.of(value),
  });

/** Creates the ops that write to one board. */
function boardWriter(board: Handle) {
  const { dtype, shape } = board;
  const one = constant(1, [1, 1], dtype);
  return (row: number, controlInputs: readonly Handle[]): RecordedOperation => ({
    op: 'InplaceUpdate',
    attributes: NO_ATTRIBUTES,
    inputs: [board, constant(row, [1]), one],
    outputs: [newHandle({ dtype, shape })],
    controlInputs,
  });
}

/** The value that each received value is added to. */
function addends(program: Program): Map<Handle, Handle> {
  return new Map(
    program.operations.flatMap((operation) =>
      operation.op === 'AddV2' ? [[tensorInput(operation, 1), tensorInput(operation, 0)] as const] : [],
    ),
  );
}

/**
 * Adds the marks, and the board as the first parameter.
 *
 * @param program - Any program.
 * @param instances - The number of each collective within the step, by its result.
 * @param count - How many collectives the step has, those of other replicas included.
 * @param dtype - The element type of the board.
 * @returns The program with marks.
 */
export function addArrivalMarks(
  program: Program,
  instances: ReadonlyMap<Handle, number>,
  count: number,
  dtype: DataTypeCode,
): Program {
  const board = newHandle({ dtype, shape: boardShape(count) });
  const mark = boardWriter(board);
  const addendOf = addends(program);
  /** The value that this replica sent last. */
  let sent: readonly Handle[] = [];
  const arrivals: RecordedOperation[] = [];
  /** The results of collectives, after their marks. */
  const marked = new Map<Handle, Handle>();

  /** The values that exist when the replica has arrived at a collective. */
  const valuesOnArrival = (operation: RecordedOperation, result: Handle): readonly Handle[] => {
    if (operation.op !== 'CollectiveBcastRecvV2') return (sent = [tensorInput(operation, 0)]);
    // A receive starts to wait when the function starts. Its replica has arrived when it has the value to add to, or
    // has sent its own.
    const addend = addendOf.get(result);
    return addend === undefined ? sent : [...sent, addend];
  };

  const operations = program.operations.flatMap((operation): RecordedOperation[] => {
    const [result] = operation.outputs;
    const instance = result && instances.get(result);
    if (result === undefined || instance === undefined) return [replaceInputs(operation, marked)];
    arrivals.push(mark(markRow(instance, ProgressMark.Arrived), valuesOnArrival(operation, result)));
    const ended = mark(markRow(instance, ProgressMark.Ended), [result]);
    const collective = replaceInputs(operation, marked);
    // Later ops wait for the mark: behind a long computation it would come too late, and the replica would seem to
    // wait.
    const value = newHandle({ dtype: result.dtype, shape: result.shape });
    marked.set(result, value);
    return [
      collective,
      ended,
      { op: 'Identity', attributes: NO_ATTRIBUTES, inputs: [result], outputs: [value], controlInputs: ended.outputs },
    ];
  });
  const results = program.results.map((handle) => marked.get(handle) ?? handle);
  return { ...program, operations: [...operations, ...arrivals], results, parameters: [board, ...program.parameters] };
}
