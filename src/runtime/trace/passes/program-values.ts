/** Questions that pattern-matching passes ask about a whole program: who made a value, where, and who reads it. Pure. */
import type { Handle, HostValues } from '../../tensorflow/op-executor.js';

import { constantOf, flatInputs, type Program, type RecordedOperation } from '../program.js';

import { tensorInput } from './identity-rules.js';

/** The values of one program. */
export class ProgramValues {
  readonly #program: Program;
  readonly #positions = new Map<Handle, number>();
  readonly #uses = new Map<Handle, number>();
  readonly #results: ReadonlySet<Handle>;

  constructor(program: Program) {
    this.#program = program;
    this.#results = new Set(program.results);
    program.operations.forEach(({ inputs, outputs }, position) => {
      for (const output of outputs) this.#positions.set(output, position);
      for (const input of flatInputs(inputs)) this.#uses.set(input, (this.#uses.get(input) ?? 0) + 1);
    });
  }

  /** The index of the op that made a value; -1 for parameters, captures and constants. */
  positionOf(handle: Handle): number {
    return this.#positions.get(handle) ?? -1;
  }

  /** The op that made a value, if it is `op`. */
  producerOf(handle: Handle | undefined, op: string): RecordedOperation | undefined {
    const producer = handle && this.#program.operations[this.positionOf(handle)];
    return producer?.op === op ? producer : undefined;
  }

  /** The first input of the op that made a value, if it is `op`. */
  inputOf(handle: Handle | undefined, op: string): Handle | undefined {
    const producer = this.producerOf(handle, op);
    return producer && tensorInput(producer, 0);
  }

  /** The first two inputs of the op that made a value, if it is `op`. */
  inputsOf(handle: Handle | undefined, op: string): readonly [Handle, Handle] | undefined {
    const producer = this.producerOf(handle, op);
    return producer && [tensorInput(producer, 0), tensorInput(producer, 1)];
  }

  /** The numbers of a constant; undefined for everything that is not known while building. */
  constantOf(handle: Handle): HostValues | undefined {
    return constantOf(this.#program, handle);
  }

  /** The number that a constant of one element is. */
  numberOf(handle: Handle | undefined): number | undefined {
    const values = handle && this.constantOf(handle);
    return values?.length === 1 ? Number(values[0]) : undefined;
  }

  /** How many times ops read a value. */
  readers(handle: Handle): number {
    return this.#uses.get(handle) ?? 0;
  }

  /** Whether one op alone reads each of these. */
  areReadOnce(handles: readonly Handle[]): boolean {
    return handles.every((handle) => this.readers(handle) === 1);
  }

  /** Whether the program returns one of these. */
  areResults(handles: readonly Handle[]): boolean {
    return handles.some((handle) => this.#results.has(handle));
  }
}
