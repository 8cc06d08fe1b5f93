/**
 * Questions that pattern-matching passes ask about a whole program: which op computes a value, where, and who reads it.
 * Pure.
 */
import type { Handle, HostValues } from '../../tensorflow/op-executor.js';

import { constantOf, flatInputs, type Program, type RecordedOperation, tensorInput } from '../program.js';

/** The values of one program. */
export class ProgramValues {
  readonly #program: Program;
  readonly #positions = new Map<Handle, number>();
  readonly #reads = new Map<Handle, number>();
  readonly #results: ReadonlySet<Handle>;

  /** @param program - The program to ask about. */
  constructor(program: Program) {
    this.#program = program;
    this.#results = new Set(program.results);
    program.operations.forEach(({ inputs, outputs }, position) => {
      for (const output of outputs) this.#positions.set(output, position);
      for (const input of flatInputs(inputs)) this.#reads.set(input, (this.#reads.get(input) ?? 0) + 1);
    });
  }

  /**
   * Finds the op that computes a value.
   *
   * @param handle - The value.
   * @returns The index of the op; -1 for parameters, captures and constants.
   */
  positionOf(handle: Handle): number {
    return this.#positions.get(handle) ?? -1;
  }

  /**
   * Finds the op that computes a value, if it is a certain op.
   *
   * @param handle - The value.
   * @param op - The name of the op.
   * @returns The operation; undefined when another op computes the value, or none.
   */
  producerOf(handle: Handle | undefined, op: string): RecordedOperation | undefined {
    const producer = handle && this.#program.operations[this.positionOf(handle)];
    return producer?.op === op ? producer : undefined;
  }

  /**
   * Finds the first input of the op that computes a value.
   *
   * @param handle - The value.
   * @param op - The op that must compute it.
   * @returns The input; undefined when another op computes the value.
   */
  inputOf(handle: Handle | undefined, op: string): Handle | undefined {
    const producer = this.producerOf(handle, op);
    return producer && tensorInput(producer, 0);
  }

  /**
   * Finds the first two inputs of the op that computes a value.
   *
   * @param handle - The value.
   * @param op - The op that must compute it.
   * @returns The inputs; undefined when another op computes the value.
   */
  inputsOf(handle: Handle | undefined, op: string): readonly [Handle, Handle] | undefined {
    const producer = this.producerOf(handle, op);
    return producer && [tensorInput(producer, 0), tensorInput(producer, 1)];
  }

  /**
   * Reads a constant.
   *
   * @param handle - The value.
   * @returns Its elements; undefined when they are not known before the program runs.
   */
  constantOf(handle: Handle): HostValues | undefined {
    return constantOf(this.#program, handle);
  }

  /**
   * Reads a constant of one element.
   *
   * @param handle - The value.
   * @returns The number; undefined for every other value.
   */
  numberOf(handle: Handle | undefined): number | undefined {
    const values = handle && this.constantOf(handle);
    return values?.length === 1 ? Number(values[0]) : undefined;
  }

  /**
   * Counts how often ops read a value.
   *
   * @param handle - The value.
   * @returns The number of reads.
   */
  readsOf(handle: Handle): number {
    return this.#reads.get(handle) ?? 0;
  }

  /**
   * Checks whether exactly one op reads each value.
   *
   * @param handles - The values.
   * @returns True when that holds for all of them.
   */
  areReadOnce(handles: readonly Handle[]): boolean {
    return handles.every((handle) => this.readsOf(handle) === 1);
  }

  /**
   * Checks whether the program returns one of the values.
   *
   * @param handles - The values.
   * @returns True when at least one is a result.
   */
  anyIsResult(handles: readonly Handle[]): boolean {
    return handles.some((handle) => this.#results.has(handle));
  }
}
