/** What the lowering of one op gets, and what it gives back. */
import type { Handle, HostValues } from '../../../tensorflow/op-executor.js';
import type { HloBuilder } from './hlo-builder.js';
import type { HloValue } from './hlo-types.js';

import { isInputList, type RecordedOperation } from '../../../trace/program.js';

import { NoLoweringError } from './no-lowering-error.js';

/** The replicas whose values a collective adds up. */
export interface LoweredGroup {
  readonly replicas: number;
}

/** One op to lower. */
export class LoweredCall {
  readonly builder: HloBuilder;
  readonly operation: RecordedOperation;
  readonly group: LoweredGroup;
  readonly #valueOf: (handle: Handle) => HloValue;
  readonly #constantOf: (handle: Handle) => HostValues | undefined;

  /**
   * @param builder - Writes the program.
   * @param operation - The op.
   * @param sources - The replicas, and where the values of the program are.
   */
  constructor(
    builder: HloBuilder,
    operation: RecordedOperation,
    sources: {
      readonly group: LoweredGroup;
      readonly valueOf: (handle: Handle) => HloValue;
      readonly constantOf: (handle: Handle) => HostValues | undefined;
    },
  ) {
    this.builder = builder;
    this.operation = operation;
    this.group = sources.group;
    this.#valueOf = sources.valueOf;
    this.#constantOf = sources.constantOf;
  }

  /** An input that is one value. */
  input(index: number): HloValue {
    return this.#valueOf(this.#handle(index));
  }

  /** The values of a list input. */
  inputList(index: number): HloValue[] {
    const input = this.operation.inputs[index];
    if (input === undefined) throw new TypeError(`${this.operation.op} has no input ${String(index)}`);
    return (isInputList(input) ? input : [input]).map(this.#valueOf);
  }

  /** The numbers of an input that must be known before the program runs, such as axes. */
  numbers(index: number): number[] {
    const values = this.#constantOf(this.#handle(index));
    if (values === undefined) throw new NoLoweringError(`${this.operation.op} with sizes or axes that are computed`);
    return Array.from(values as ArrayLike<number | bigint>, Number);
  }

  /** The type of an output. */
  output(index = 0): Pick<Handle, 'dtype' | 'shape'> {
    const output = this.operation.outputs[index];
    if (output === undefined) throw new TypeError(`${this.operation.op} has no output ${String(index)}`);
    return { dtype: output.dtype, shape: output.shape };
  }

  /** A number; undefined when the attribute has its default. */
  number(name: string): number | undefined {
    return this.#attribute(name) as number | undefined;
  }

  /** Whether an attribute is true. */
  flag(name: string, byDefault = false): boolean {
    return (this.#attribute(name) ?? byDefault) === true;
  }

  /** A text; undefined when the attribute has its default. */
  text(name: string): string | undefined {
    return this.#attribute(name) as string | undefined;
  }

  /** A list of numbers; empty when the attribute has its default. */
  list(name: string): readonly number[] {
    return (this.#attribute(name) as readonly number[] | undefined) ?? [];
  }

  #attribute(name: string): unknown {
    return this.operation.attributes.entries.find((each) => each.name === name)?.value;
  }

  #handle(index: number): Handle {
    const input = this.operation.inputs[index];
    if (input === undefined || isInputList(input))
      throw new TypeError(`input ${String(index)} of ${this.operation.op} is not a tensor`);
    return input;
  }
}

/** Writes an op. Returns its outputs, or only the first. */
export type Lowering = (call: LoweredCall) => HloValue | readonly HloValue[];

/** Lowerings by the name of the op. */
export type Lowerings = Readonly<Record<string, Lowering>>;
