/**
 * Makes a program tell when it ran: TensorFlow's own clock is read on the device's host thread when the function starts, around every
 * collective, and when all results are there. Pure.
 * Source of the op: tensorflow/core/ops/logging_ops.cc (Timestamp, seconds since the epoch).
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { Program, RecordedOperation } from '../program.js';

import { attributes, int, NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';

/** A program whose last result is a `float64` vector: start, then begin and end of each collective, then end. */
export interface TimedProgram {
  readonly program: Program;
  /** What each collective exchanges, in the order of their times. */
  readonly collectives: readonly string[];
}

/** A value of an op that has never run: it stands for one while a graph is built. */
function standFor(dtype: DataTypeCode, shape: readonly number[]): Handle {
  return { dtype, shape, isDisposed: false, dispose: () => undefined };
}

const isCollective = (op: string): boolean => op.startsWith('Collective');

/** Adds the marks. */
export function addTimeMarks(program: Program): TimedProgram {
  const operations: RecordedOperation[] = [];
  const times: Handle[] = [];
  const collectives: string[] = [];
  const mark = (controlInputs: readonly Handle[]): void => {
    const time = standFor(DataTypeCode.Double, []);
    // None is before the first, whenever TensorFlow gets round to reading its clock.
    operations.push({
      op: 'Timestamp',
      attributes: NO_ATTRIBUTES,
      inputs: [],
      outputs: [time],
      controlInputs: [...controlInputs, ...times.slice(0, 1)],
    });
    times.push(time);
  };
  mark([]);
  for (const operation of program.operations) {
    const [value] = operation.inputs;
    const timed =
      isCollective(operation.op) && value !== undefined && !Array.isArray(value) && operation.outputs.length > 0;
    if (timed) {
      const { shape } = operation.outputs[0] as Handle;
      collectives.push(`${operation.op.replace(/^Collective|V\d$/g, '')} [${shape.join(',')}]`);
      mark([value as Handle]);
    }
    operations.push(operation);
    if (timed) mark(operation.outputs);
  }
  const made = new Set(program.operations.flatMap(({ outputs }) => outputs));
  mark([...[...new Set(program.results)].filter((handle) => made.has(handle)), ...times]);
  const all = standFor(DataTypeCode.Double, [times.length]);
  operations.push({ op: 'Pack', attributes: attributes(int('axis', 0)), inputs: [times], outputs: [all] });
  return { program: { ...program, operations, results: [...program.results, all] }, collectives };
}
