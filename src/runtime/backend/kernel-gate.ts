/**
 * The gate that every kernel call passes: checks the inputs against the table, and gives every error of a kernel our
 * class. What TensorFlow's ops receive is checked where it is handed over: `tensorflow/native-checks.ts`. Pure.
 */
import type { KernelInputs } from './kernel.js';
import type { TensorInfo } from './tensor-info.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { ANY_NUMBER, KERNEL_INPUTS } from './kernel-inputs-table.js';

/** Throws when a kernel cannot be called with some inputs. */
export type InputCheck = (inputs: KernelInputs) => void;

function invalid(kernel: string, problem: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.InvalidArgument, `The kernel ${kernel} ${problem}`, {
    hint: 'Call the operation of TensorFlow.js instead of its kernel: it checks and converts its arguments.',
  });
}

function isTensor(value: unknown): value is TensorInfo {
  if (typeof value !== 'object' || value === null) return false;
  const { dataId, shape, dtype } = value as Partial<TensorInfo>;
  return typeof dataId === 'object' && Array.isArray(shape) && typeof dtype === 'string';
}

function checkList(kernel: string, name: string, list: unknown): void {
  if (!Array.isArray(list)) throw invalid(kernel, `needs a list of tensors as ${name}.`);
  if (!list.every(isTensor)) throw invalid(kernel, `was called with something other than a tensor in ${name}.`);
}

function checkTensor(kernel: string, name: string, value: unknown, rank: number | undefined): void {
  if (!isTensor(value)) throw invalid(kernel, `was called with something other than a tensor as ${name}.`);
  if (rank === undefined || value.shape.length === rank) return;
  throw invalid(kernel, `needs a tensor of rank ${rank} as ${name}, not one of shape [${value.shape.join()}].`);
}

interface InputRule {
  readonly isOptional: boolean;
  readonly isList: boolean;
  readonly rank: number | undefined;
}

function parse(entry: string): [string, InputRule] {
  const [, name = entry, mark = ''] = /^(\w+)(\W.*)?$/.exec(entry) ?? [];
  const rank = mark.startsWith(':') ? Number(mark.slice(1)) : undefined;
  return [name, { isOptional: mark === '?', isList: mark === '[]', rank }];
}

function checkNamed(kernel: string, names: readonly string[]): InputCheck {
  const rules = new Map(names.map(parse));
  const needed = [...rules].filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  const known = [...rules.keys()].join(', ') || 'none';
  return (inputs) => {
    let found = 0;
    for (const name in inputs) {
      const value: unknown = inputs[name];
      const rule = rules.get(name);
      // Absent optional inputs are often undefined or null.
      if (value === undefined || value === null) continue;
      if (rule === undefined) throw invalid(kernel, `has no input ${name}. Its inputs: ${known}.`);
      if (rule.isList) checkList(kernel, name, value);
      else checkTensor(kernel, name, value, rule.rank);
      if (!rule.isOptional) found++;
    }
    if (found === needed.length) return;
    const missing = needed.filter((name) => (inputs[name] ?? undefined) === undefined);
    throw invalid(kernel, `was called without its input ${missing.join(', ')}.`);
  };
}

/**
 * Makes the check of a kernel's inputs.
 *
 * @param kernel - tfjs's name of the kernel.
 * @returns Throws `INVALID_ARGUMENT` when an input is missing, unknown or no tensor.
 */
export function inputCheckOf(kernel: string): InputCheck {
  const names = KERNEL_INPUTS.get(kernel);
  if (names !== undefined && names !== ANY_NUMBER) return checkNamed(kernel, names);
  return (inputs) => {
    for (const name in inputs) {
      if (!isTensor(inputs[name])) throw invalid(kernel, 'was called with something other than a tensor.');
    }
  };
}

/** The classes of JavaScript itself. Errors of other classes are ours, or control how code runs. */
const PLAIN_ERRORS: ReadonlySet<unknown> = new Set([Error, TypeError, RangeError, SyntaxError, ReferenceError]);

/**
 * Gives an error of a kernel our class: TensorFlow.js reports arguments that do not fit with plain errors, and reading
 * an attribute that is missing throws a `TypeError`.
 *
 * @param kernel - tfjs's name of the kernel.
 * @param error - What the kernel threw.
 * @returns The error to throw.
 */
export function kernelError(kernel: string, error: unknown): unknown {
  if (!(error instanceof Error) || !PLAIN_ERRORS.has(error.constructor)) return error;
  const message = error.constructor === Error ? error.message : `The kernel ${kernel} cannot run: ${error.message}`;
  return new MirrorscopeError(ErrorCode.InvalidArgument, message, {
    cause: error,
    hint: `Check the inputs and attributes of the kernel ${kernel}.`,
  });
}
