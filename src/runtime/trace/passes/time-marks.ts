/**
 * Makes a program return the times at which it ran. The function reads TensorFlow's clock when it starts, around every
 * collective, and when all results exist. Pure. Source of the op: tensorflow/core/ops/logging_ops.cc (Timestamp,
 * seconds since the epoch).
 */
import type { Handle } from '../../tensorflow/op-executor.js';

import { attributes, int, NO_ATTRIBUTES } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { isInputList, newHandle, type Program, type RecordedOperation } from '../program.js';

/** A program whose last result is a `float64` vector: start, then begin and end of each collective, then end. */
export interface TimedProgram {
  readonly program: Program;
  /** What each collective exchanges, in the order of their times. */
  readonly collectives: readonly string[];
}

const isCollective = (op: string): boolean => op.startsWith('Collective');

/**
 * Adds the clock reads, and their times as the last result.
 *
 * @param program - Any program.
 * @returns The program and what its times mean.
 */
export function addTimeMarks(program: Program): TimedProgram {
  const operations: RecordedOperation[] = [];
  const times: Handle[] = [];
  const collectives: string[] = [];
  const mark = (controlInputs: readonly Handle[]): void => {
    const time = newHandle({ dtype: DataTypeCode.Double, shape: [] });
    // Control edges keep every other read after the first one.
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
    const [result] = operation.outputs;
    if (!isCollective(operation.op) || value === undefined || isInputList(value) || result === undefined) {
      operations.push(operation);
      continue;
    }
    collectives.push(`${operation.op.replace(/^Collective|V\d$/g, '')} [${result.shape.join(',')}]`);
    mark([value]);
    operations.push(operation);
    mark(operation.outputs);
  }
  const computed = new Set(program.operations.flatMap(({ outputs }) => outputs));
  mark([...[...new Set(program.results)].filter((handle) => computed.has(handle)), ...times]);
  const all = newHandle({ dtype: DataTypeCode.Double, shape: [times.length] });
  operations.push({ op: 'Pack', attributes: attributes(int('axis', 0)), inputs: [times], outputs: [all] });
  return { program: { ...program, operations, results: [...program.results, all] }, collectives };
}
