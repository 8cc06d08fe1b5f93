/**
 * What a kernel is: a function that computes one tfjs kernel with TensorFlow ops. Pure.
 * To add a kernel, add an entry to one of the tables in kernels/, under the name that tfjs gives it.
 */
import type { Handle } from '../tensorflow/op-executor.js';
import type { KernelScope } from './kernel-scope.js';
import type { TensorInfo } from './tensor-info.js';

/** The inputs of a kernel, by tfjs's names. Optional inputs are absent or undefined. */
export type KernelInputs = Readonly<Record<string, TensorInfo | undefined>>;

/**
 * Computes a tfjs kernel. Each kernel declares the type of its own attributes, by tfjs's names; `never` accepts them
 * all. Returns one handle for each tensor that tfjs expects.
 */
export type Kernel = (scope: KernelScope, inputs: KernelInputs, attributes: never) => Handle | readonly Handle[];

/** A kernel without attributes. */
export type PlainKernel = (scope: KernelScope, inputs: KernelInputs) => Handle | readonly Handle[];

/** Kernels, by tfjs's kernel names. */
export type KernelTable = Readonly<Record<string, Kernel>>;

/**
 * Looks up an input.
 *
 * @param inputs - The inputs of the kernel.
 * @param name - tfjs's name of the input.
 * @returns The input.
 * @throws {TypeError} When the kernel was called without it.
 */
export function input(inputs: KernelInputs, name: string): TensorInfo {
  const found = inputs[name];
  if (!found) throw new TypeError(`The kernel was called without its input ${name}.`);
  return found;
}

/**
 * Lists the inputs of a kernel that takes any number of them.
 *
 * @param inputs - The inputs of the kernel.
 * @returns The inputs, in order.
 */
export function inputList(inputs: KernelInputs): TensorInfo[] {
  return Object.values(inputs).filter((info) => info !== undefined);
}

/**
 * Looks up an input that is itself a list; tfjs's types do not show that there are such inputs.
 *
 * @param inputs - The inputs of the kernel.
 * @param name - tfjs's name of the input.
 * @returns The tensors of the list.
 * @throws {TypeError} When the kernel was called without it.
 */
export function listInput(inputs: KernelInputs, name: string): TensorInfo[] {
  const found: unknown = inputs[name];
  if (!Array.isArray(found)) throw new TypeError(`The kernel was called without its list of inputs ${name}.`);
  return found as TensorInfo[];
}

/**
 * Computes the number of elements of a tensor.
 *
 * @param shape - Shape of the tensor.
 * @returns The product of its sizes.
 */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
