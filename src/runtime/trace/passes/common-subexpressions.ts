/** Computes each value once that a program computes several times. Pure. */
import type { Handle, HostValues } from '../../tensorflow/op-executor.js';

import {
  constantOf,
  flatInputs,
  type HostConstant,
  isInputList,
  type Program,
  type RecordedOperation,
  replaceInputs,
} from '../program.js';
import { SIDE_EFFECT_OPS } from '../side-effects-table.js';

/** Larger constants are not compared by value. */
const MAX_COMPARED_ELEMENTS = 64;

/** Ops whose result depends only on the shape of their input. */
const SHAPE_ONLY_OPS: ReadonlySet<string> = new Set(['ZerosLike', 'OnesLike']);

function constantKey({ dtype, shape }: Handle, values: HostValues): string | undefined {
  if (values.length > MAX_COMPARED_ELEMENTS || Array.isArray(values)) return undefined;
  // -0 and 0 differ under division, and String() makes them equal.
  const numbers = Array.from(values as ArrayLike<unknown>, (value) => (Object.is(value, -0) ? '-0' : String(value)));
  return `${String(dtype)}|${shape.join(',')}|${numbers.join(',')}`;
}

/** Walks through a program and merges equal values. */
class SharedValues {
  readonly operations: RecordedOperation[] = [];
  readonly constants = new Map<Handle, HostConstant>();
  readonly #program: Program;
  /** The first equal value, for each value that is computed again. */
  readonly #replacements = new Map<Handle, Handle>();
  readonly #ids = new Map<Handle, number>();
  readonly #knownConstants = new Map<string, Handle>();
  readonly #knownOperations = new Map<string, RecordedOperation>();

  constructor(program: Program) {
    this.#program = program;
  }

  current(handle: Handle): Handle {
    return this.#replacements.get(handle) ?? handle;
  }

  visitConstant(handle: Handle): void {
    const values = constantOf(this.#program, handle);
    if (values === undefined || this.constants.has(handle) || this.#replacements.has(handle)) return;
    const key = constantKey(handle, values);
    const first = key === undefined ? undefined : this.#knownConstants.get(key);
    if (first !== undefined && first !== handle) {
      this.#replacements.set(handle, first);
      return;
    }
    if (key !== undefined) this.#knownConstants.set(key, handle);
    const constant = this.#program.constants.get(handle);
    if (constant !== undefined) this.constants.set(handle, constant);
  }

  visitOperation(recorded: RecordedOperation): void {
    for (const handle of flatInputs(recorded.inputs)) this.visitConstant(handle);
    const operation = replaceInputs(recorded, this.#replacements);
    if (SIDE_EFFECT_OPS.has(operation.op)) {
      this.operations.push(operation);
      return;
    }
    const key = this.#operationKey(operation);
    const earlier = this.#knownOperations.get(key);
    if (earlier === undefined) {
      this.#knownOperations.set(key, operation);
      this.operations.push(operation);
      return;
    }
    operation.outputs.forEach((handle, index) => {
      const same = earlier.outputs[index];
      if (same !== undefined) this.#replacements.set(handle, same);
    });
  }

  #operationKey({ op, attributes, inputs, outputs: [output] }: RecordedOperation): string {
    const inputKeys = inputs.map((input) =>
      isInputList(input) ? `(${input.map((handle) => this.#idOf(handle)).join(',')})` : this.#idOf(input),
    );
    const argumentsKey = SHAPE_ONLY_OPS.has(op)
      ? `${String(output?.dtype)}[${output?.shape.join(',') ?? ''}]`
      : inputKeys.join(',');
    return `${op}|${attributes.key}|${argumentsKey}`;
  }

  #idOf(handle: Handle): number {
    const id = this.#ids.get(handle) ?? this.#ids.size;
    this.#ids.set(handle, id);
    return id;
  }
}

/**
 * Shares common subexpressions. Ops with a side effect stay as they are.
 *
 * @param program - Any program.
 * @returns The program, with each value computed once.
 */
export function shareCommonSubexpressions(program: Program): Program {
  const shared = new SharedValues(program);
  for (const operation of program.operations) shared.visitOperation(operation);
  for (const handle of program.results) shared.visitConstant(handle);
  const { operations, constants } = shared;
  return { ...program, operations, constants, results: program.results.map((handle) => shared.current(handle)) };
}
