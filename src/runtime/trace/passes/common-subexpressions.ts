/** Computes once what a program computes several times from the same values. Pure. */
import type { Handle, HostValues } from '../../tensorflow/op-executor.js';

import {
  constantOf,
  flatInputs,
  type HostConstant,
  type Program,
  type RecordedOperation,
  replaceInputs,
} from '../program.js';

import { EFFECTS } from './prune.js';

/** Larger constants are not compared by value. */
const MAXIMUM_COMPARED = 64;

/** Ops whose result depends on the shape of their input alone. */
const OF_SHAPE = new Set(['ZerosLike', 'OnesLike']);

function constantKey({ dtype, shape }: Handle, values: HostValues): string | undefined {
  if (values.length > MAXIMUM_COMPARED || Array.isArray(values)) return undefined;
  // -0 and 0 differ under division; join would make them equal.
  const numbers = Array.from(values as ArrayLike<unknown>, (value) => (Object.is(value, -0) ? '-0' : String(value)));
  return `${dtype}|${shape.join(',')}|${numbers.join(',')}`;
}

/** The program with each value computed once. Ops that have an effect stay as they are. */
export function shareCommonSubexpressions(program: Program): Program {
  const same = new Map<Handle, Handle>();
  const current = (handle: Handle): Handle => same.get(handle) ?? handle;
  const numbers = new Map<Handle, number>();
  const numberOf = (handle: Handle): number => {
    const known = numbers.get(handle) ?? numbers.size;
    numbers.set(handle, known);
    return known;
  };

  const known = new Map<string, Handle>();
  const constants = new Map<Handle, HostConstant>();
  const visitConstant = (handle: Handle): void => {
    const values = constantOf(program, handle);
    if (values === undefined || constants.has(handle) || same.has(handle)) return;
    const key = constantKey(handle, values);
    const first = key === undefined ? undefined : known.get(key);
    if (first !== undefined && first !== handle) {
      same.set(handle, first);
      return;
    }
    if (key !== undefined) known.set(key, handle);
    const constant = program.constants.get(handle);
    if (constant !== undefined) constants.set(handle, constant);
  };

  const seen = new Map<string, RecordedOperation>();
  const operations: RecordedOperation[] = [];
  for (const recorded of program.operations) {
    flatInputs(recorded.inputs).forEach(visitConstant);
    const operation = replaceInputs(recorded, same);
    if (EFFECTS.has(operation.op)) {
      operations.push(operation);
      continue;
    }
    const [output] = operation.outputs;
    const arguments_ = OF_SHAPE.has(operation.op)
      ? `${String(output?.dtype)}[${output?.shape.join(',') ?? ''}]`
      : operation.inputs
          .map((input) =>
            Array.isArray(input) ? `(${(input as Handle[]).map(numberOf).join(',')})` : numberOf(input as Handle),
          )
          .join(',');
    const key = `${operation.op}|${operation.attributes.key}|${arguments_}`;
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, operation);
      operations.push(operation);
    } else {
      operation.outputs.forEach((handle, index) => same.set(handle, earlier.outputs[index] as Handle));
    }
  }
  program.results.forEach(visitConstant);
  return { ...program, operations, constants, results: program.results.map(current) };
}
