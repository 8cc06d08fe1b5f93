/** Writes a recorded program in StableHLO, as text. Pure. */
import type { Handle } from '../../../tensorflow/op-executor.js';

import { constantOf, outputOf, type Program, type RecordedOperation, tensorInput } from '../../../trace/program.js';

import { HloBuilder } from './hlo-builder.js';
import { type HloType, type HloValue, typeText } from './hlo-types.js';
import { LoweredCall, type LoweredGroup } from './lowering.js';
import { LOWERINGS } from './lowerings-table.js';
import { NoLoweringError } from './no-lowering-error.js';

/** One program to write. */
export interface LoweredPart {
  readonly program: Program;
  /** The values that the program reads and neither computes nor receives: parameters after the others. */
  readonly captures: readonly Handle[];
}

const INDENT = '    ';

/** Writes the operations of a program. */
class ProgramLowering {
  readonly #builder: HloBuilder;
  readonly #program: Program;
  readonly #group: LoweredGroup;
  readonly #values = new Map<Handle, HloValue>();

  constructor(builder: HloBuilder, program: Program, group: LoweredGroup) {
    this.#builder = builder;
    this.#program = program;
    this.#group = group;
  }

  /** Declares parameters, after those that other programs of the same function have. */
  addParameters(handles: readonly Handle[], first: number): HloValue[] {
    return handles.map((handle, index) => {
      const value = { name: `%arg${String(first + index)}`, dtype: handle.dtype, shape: handle.shape };
      this.#values.set(handle, value);
      return value;
    });
  }

  /** Gives a value that other code computes. */
  define(handle: Handle, value: HloValue): void {
    this.#values.set(handle, value);
  }

  readonly valueOf = (handle: Handle): HloValue => {
    const known = this.#values.get(handle);
    if (known !== undefined) return known;
    const values = constantOf(this.#program, handle);
    if (values === undefined) throw new TypeError('a value of the program has no source');
    const made = this.#builder.constant(values, { dtype: handle.dtype, shape: handle.shape });
    this.#values.set(handle, made);
    return made;
  };

  addOperation(operation: RecordedOperation): void {
    const lower = LOWERINGS.get(operation.op);
    if (lower === undefined) throw new NoLoweringError(operation.op);
    const lowered = lower(
      new LoweredCall(this.#builder, operation, {
        group: this.#group,
        valueOf: this.valueOf,
        constantOf: (handle) => constantOf(this.#program, handle),
      }),
    );
    const values = 'name' in lowered ? [lowered] : lowered;
    operation.outputs.forEach((output, index) => {
      const value = values[index];
      if (value === undefined) return;
      requireType(operation, value, output);
      this.#values.set(output, value);
    });
  }
}

/** A lowering that gives another type than the recording had would give wrong numbers later. */
function requireType({ op }: RecordedOperation, value: HloType, output: HloType): void {
  const [written, recorded] = [typeText(value), typeText(output)];
  if (written !== recorded) throw new NoLoweringError(`${op} that gives ${recorded}: it would give ${written}`);
}

/** The next op of a program that replicas run together. */
interface Cursor {
  readonly lowering: ProgramLowering;
  readonly operations: readonly RecordedOperation[];
  next: number;
}

/** Writes the ops up to the next collective, and returns it. */
function advance(cursor: Cursor): RecordedOperation | undefined {
  for (; cursor.next < cursor.operations.length; cursor.next++) {
    const operation = cursor.operations[cursor.next] as RecordedOperation;
    if (operation.op === 'CollectiveReduceV2') return operation;
    cursor.lowering.addOperation(operation);
  }
  return undefined;
}

/** Writes the programs of several replicas into one function, in which a collective is a sum. */
function addJointly(builder: HloBuilder, cursors: readonly Cursor[]): void {
  for (;;) {
    const reached = cursors.map((cursor) => ({ cursor, collective: advance(cursor) }));
    if (reached.every(({ collective }) => collective === undefined)) return;
    const sum = reached
      .map(({ cursor, collective }) => {
        if (collective === undefined) throw new TypeError('the replicas do not reach the same collectives');
        return cursor.lowering.valueOf(tensorInput(collective, 0));
      })
      .reduce((total, value) => builder.binary('add', total, value));
    for (const { cursor, collective } of reached) {
      cursor.lowering.define(outputOf(collective as RecordedOperation), sum);
      cursor.next++;
    }
  }
}

/**
 * Writes programs as one function.
 *
 * @param parts - One program, which all replicas run; or the programs of several replicas, which one device runs.
 *   Ops that nothing uses should be gone.
 * @param group - How many replicas run the function.
 * @returns A module. The parameters of its function are those of the first program, then its captures, then those of
 *   the second; its results are those of the first program, then those of the second.
 * @throws {NoLoweringError} For an op without a lowering.
 */
export function lowerPrograms(parts: readonly LoweredPart[], { replicas }: LoweredGroup): string {
  const builder = new HloBuilder();
  const lowerings = parts.map(({ program }) => new ProgramLowering(builder, program, { replicas }));
  let count = 0;
  const parameters = parts.flatMap(({ program, captures }, index) => {
    const added = lowerings[index]?.addParameters([...program.parameters, ...captures], count) ?? [];
    count += added.length;
    return added;
  });
  if (parts.length === 1)
    for (const operation of parts[0]?.program.operations ?? []) lowerings[0]?.addOperation(operation);
  else
    addJointly(
      builder,
      parts.map(({ program: { operations } }, index) => ({
        lowering: lowerings[index] as ProgramLowering,
        operations,
        next: 0,
      })),
    );
  const results = parts.flatMap(({ program }, index) =>
    program.results.map((lowerings[index] as ProgramLowering).valueOf),
  );
  const signature = parameters.map((parameter) => `${parameter.name}: ${typeText(parameter)}`).join(', ');
  const types = results.map(typeText).join(', ');
  const names = results.map(({ name }) => name).join(', ');
  return [
    `module @step attributes {mhlo.num_replicas = ${String(replicas)} : i32, mhlo.num_partitions = 1 : i32} {`,
    `  func.func public @main(${signature}) -> (${types}) {`,
    ...builder.lines.map((line) => INDENT + line),
    `${INDENT}return ${names}${results.length === 0 ? '' : ` : ${types}`}`,
    '  }',
    '}',
    '',
  ].join('\n');
}
