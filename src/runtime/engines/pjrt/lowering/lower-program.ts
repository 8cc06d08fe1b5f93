/** Writes a recorded program in StableHLO, as text. Pure. */
import type { Handle } from '../../../tensorflow/op-executor.js';

import { constantOf, type Program, type RecordedOperation } from '../../../trace/program.js';

import { HloBuilder } from './hlo-builder.js';
import { type HloType, type HloValue, typeText } from './hlo-types.js';
import { LoweredCall, type LoweredGroup } from './lowering.js';
import { LOWERINGS } from './lowerings-table.js';
import { NoLoweringError } from './no-lowering-error.js';

/** The options of {@link lowerProgram}. */
export interface LowerProgramOptions extends LoweredGroup {
  /** The values that the program reads and neither computes nor receives: parameters after the others. */
  readonly captures: readonly Handle[];
  /** By index of the parameter: the index of the result that may take over its memory. */
  readonly donations?: ReadonlyMap<number, number>;
}

const INDENT = '    ';

/** Writes the operations of a program. */
class ProgramLowering {
  readonly builder = new HloBuilder();
  readonly #program: Program;
  readonly #group: LoweredGroup;
  readonly #values = new Map<Handle, HloValue>();

  constructor(program: Program, group: LoweredGroup) {
    this.#program = program;
    this.#group = group;
  }

  addParameters(handles: readonly Handle[]): HloValue[] {
    return handles.map(({ dtype, shape }, index) => {
      const value = { name: `%arg${String(index)}`, dtype, shape };
      this.#values.set(handles[index] as Handle, value);
      return value;
    });
  }

  readonly valueOf = (handle: Handle): HloValue => {
    const known = this.#values.get(handle);
    if (known !== undefined) return known;
    const values = constantOf(this.#program, handle);
    if (values === undefined) throw new TypeError('a value of the program has no source');
    const made = this.builder.constant(values, { dtype: handle.dtype, shape: handle.shape });
    this.#values.set(handle, made);
    return made;
  };

  addOperation(operation: RecordedOperation): void {
    const lower = LOWERINGS.get(operation.op);
    if (lower === undefined) throw new NoLoweringError(operation.op);
    const lowered = lower(
      new LoweredCall(this.builder, operation, {
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

/**
 * Writes a program.
 *
 * @param program - The program. Ops that nothing uses should be gone.
 * @param options - What it captures, and how many replicas run it.
 * @returns A module with one function: its parameters are those of the program, then the captures.
 * @throws {NoLoweringError} For an op without a lowering.
 */
export function lowerProgram(program: Program, options: LowerProgramOptions): string {
  const { captures, replicas, donations } = options;
  const lowering = new ProgramLowering(program, { replicas });
  const parameters = lowering.addParameters([...program.parameters, ...captures]);
  for (const operation of program.operations) lowering.addOperation(operation);
  const results = program.results.map(lowering.valueOf);
  const signature = parameters
    .map((parameter, index) => {
      const result = donations?.get(index);
      const donated = result === undefined ? '' : ` {tf.aliasing_output = ${String(result)} : i32}`;
      return `${parameter.name}: ${typeText(parameter)}${donated}`;
    })
    .join(', ');
  const types = results.map(typeText).join(', ');
  const names = results.map(({ name }) => name).join(', ');
  return [
    `module @step attributes {mhlo.num_replicas = ${String(replicas)} : i32, mhlo.num_partitions = 1 : i32} {`,
    `  func.func public @main(${signature}) -> (${types}) {`,
    ...lowering.builder.lines.map((line) => INDENT + line),
    `${INDENT}return ${names}${results.length === 0 ? '' : ` : ${types}`}`,
    '  }',
    '}',
    '',
  ].join('\n');
}
