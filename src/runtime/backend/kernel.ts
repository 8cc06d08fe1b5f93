/** The shape of a kernel table: tfjs kernel name → how it is computed with TensorFlow ops. Types and constructors; pure. */
import type { Handle } from '../tensorflow/op-executor.js';
import type { KernelScope } from './kernel-scope.js';
import type { TensorInfo } from './tensor-info.js';

/** A kernel's inputs by tfjs's names. Optional ones may be absent. */
export type KernelInputs = Readonly<Record<string, TensorInfo>>;

/** A kernel's attributes by tfjs's names; each kernel states the ones that it takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tfjs types attributes per kernel only
export type KernelAttributes = any;

/** Computes a kernel. Returns one handle for each tensor that tfjs expects. */
export type Kernel = (
  scope: KernelScope,
  inputs: KernelInputs,
  attributes: KernelAttributes,
) => Handle | readonly Handle[];

/** Kernels by tfjs kernel name. */
export type KernelTable = Readonly<Record<string, Kernel>>;

/** The input of a given name. */
export function input(inputs: KernelInputs, name: string): TensorInfo {
  const found = inputs[name];
  if (!found) throw new TypeError(`the kernel was called without its input ${name}`);
  return found;
}

/** The inputs of a kernel that takes a list. */
export function inputList(inputs: KernelInputs): TensorInfo[] {
  return Object.values(inputs);
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
