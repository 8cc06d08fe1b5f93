/** The marks of a program with collectives: what they wait for, and what waits for them. */
import type { Handle } from '../../../../src/runtime/tensorflow/op-executor.js';

import { describe, expect, it } from 'vitest';

import { NO_ATTRIBUTES } from '../../../../src/runtime/tensorflow/attributes.js';
import { DataTypeCode } from '../../../../src/runtime/tensorflow/data-types-table.js';
import { addArrivalMarks } from '../../../../src/runtime/trace/passes/arrival-marks.js';
import { newHandle, type Program, type RecordedOperation } from '../../../../src/runtime/trace/program.js';

const value = (): Handle => newHandle({ dtype: DataTypeCode.Float, shape: [2] });
const [data, key, own, sum, sent, back] = [value(), value(), value(), value(), value(), value()] as const;
const operation = (op: string, inputs: readonly Handle[], output: Handle): RecordedOperation => ({
  op,
  attributes: NO_ATTRIBUTES,
  inputs,
  outputs: [output],
});
const program = (operations: readonly RecordedOperation[], results: readonly Handle[]): Program => ({
  operations,
  parameters: [data, key],
  constants: new Map(),
  results,
});

/** Row and control inputs of each mark. */
const marksOf = ({ operations }: Program) =>
  operations
    .filter(({ op }) => op === 'InplaceUpdate')
    .map(({ inputs, controlInputs }) => ({ row: (inputs[1] as Handle).constantValue?.[0], after: controlInputs }));

describe('addArrivalMarks', () => {
  it('marks an all-reduce when its value exists and when it has ended, before any later op', () => {
    const used = value();
    const marked = addArrivalMarks(
      program(
        [
          operation('Neg', [data], own),
          operation('CollectiveReduceV2', [own, key], sum),
          operation('Exp', [sum], used),
        ],
        [used, sum],
      ),
      new Map([[sum, 1]]),
      2,
      DataTypeCode.Float,
    );
    expect(marked.parameters).toHaveLength(3);
    expect(marked.parameters[0]).toMatchObject({ shape: [4, 1], dtype: DataTypeCode.Float });
    expect(marksOf(marked)).toEqual([
      { row: 3, after: [sum] },
      { row: 2, after: [own] },
    ]);
    const ended = marked.operations.find(({ op }) => op === 'InplaceUpdate') as RecordedOperation;
    const passed = marked.operations.find(({ op }) => op === 'Identity') as RecordedOperation;
    expect(passed).toMatchObject({ inputs: [sum], controlInputs: ended.outputs });
    expect(marked.operations.find(({ op }) => op === 'Exp')?.inputs).toEqual(passed.outputs);
    expect(marked.results).toEqual([used, passed.outputs[0]]);
  });

  it('marks a receive as arrived only when the replica has a value to add to, or has sent its own', () => {
    const root = addArrivalMarks(
      program(
        [
          operation('Neg', [data], own),
          operation('CollectiveBcastRecvV2', [key], sum),
          operation('AddV2', [own, sum], back),
        ],
        [back],
      ),
      new Map([[sum, 0]]),
      1,
      DataTypeCode.Int32,
    );
    expect(marksOf(root)).toEqual([
      { row: 1, after: [sum] },
      { row: 0, after: [own] },
    ]);
    const leaf = addArrivalMarks(
      program(
        [
          operation('Neg', [data], own),
          operation('CollectiveBcastSendV2', [own, key], sent),
          operation('CollectiveBcastRecvV2', [key], back),
        ],
        [back],
      ),
      new Map([
        [sent, 0],
        [back, 1],
      ]),
      2,
      DataTypeCode.Int32,
    );
    expect(marksOf(leaf)).toEqual(expect.arrayContaining([{ row: 2, after: [own] }]));
  });
});
