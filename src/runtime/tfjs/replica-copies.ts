/**
 * The values that a variable has on each replica, for variables that synchronize when they are read. Outside replicas,
 * such a variable has the combination of these values, which is computed when it is first read. Touches tfjs variables.
 * Relies on tfjs-core 4.22, tensor.ts: every use of a variable reads its `dataId`.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { DataId, Tensor, Variable } from '@tensorflow/tfjs';

import { keepCopy } from './kept-tensors.js';
import { assignValue } from './registered-variables.js';

interface ReplicaCopies {
  /** One kept tensor for each local replica, in replica order. */
  values: readonly Tensor[];
  /** Whether the variable does not have the combination of `values` yet. */
  isStale: boolean;
}

const COPIES = new WeakMap<Variable, ReplicaCopies>();

/** Computes a variable's value outside replicas from its values on each replica. */
export type CombineCopies = (values: readonly Tensor[]) => Tensor;

/** Makes the variable compute its value when something first uses it. */
function combineWhenRead(tf: TensorFlowJs, variable: Variable, combine: CombineCopies): void {
  let { dataId } = variable;
  Object.defineProperty(variable, 'dataId', {
    configurable: true,
    enumerable: true,
    get(): DataId {
      const copies = COPIES.get(variable);
      if (copies?.isStale === true) {
        copies.isStale = false;
        tf.tidy(() => {
          assignValue(variable, combine(copies.values));
        });
      }
      return dataId;
    },
    set(value: DataId) {
      dataId = value;
    },
  });
}

/**
 * Gives a variable one value per replica. All start with its present value.
 *
 * @param tf - The TensorFlow.js that owns the variable.
 * @param variable - The variable.
 * @param options - The number of local replicas, and how their values are combined.
 */
export function giveCopies(
  tf: TensorFlowJs,
  variable: Variable,
  { count, combine, isStale }: { readonly count: number; readonly combine: CombineCopies; readonly isStale: boolean },
): void {
  COPIES.set(variable, { values: Array.from({ length: count }, () => keepCopy(tf, variable)), isStale });
  combineWhenRead(tf, variable, combine);
  const dispose = variable.dispose.bind(variable);
  variable.dispose = () => {
    const copies = COPIES.get(variable);
    COPIES.delete(variable);
    for (const value of copies?.values ?? []) value.dispose();
    dispose();
  };
}

/**
 * Lists the values of a variable on each local replica.
 *
 * @param variable - Any variable.
 * @param count - The number of local replicas. Default: any.
 * @returns The values, which stay the variable's; undefined if it has the same value on every replica, or values for
 *   another number of replicas.
 */
export function copiesOf(variable: Variable, count?: number): readonly Tensor[] | undefined {
  const values = COPIES.get(variable)?.values;
  return count === undefined || values?.length === count ? values : undefined;
}

/**
 * Replaces the values of a variable on each local replica, and thereby its value outside replicas.
 *
 * @param tf - The TensorFlow.js that owns the variable.
 * @param variable - A variable with copies.
 * @param values - One for each local replica. They stay the caller's.
 */
export function setCopies(tf: TensorFlowJs, variable: Variable, values: readonly Tensor[]): void {
  const copies = COPIES.get(variable);
  if (copies === undefined) return;
  const before = copies.values;
  copies.values = values.map((value) => keepCopy(tf, value));
  copies.isStale = true;
  for (const value of before) value.dispose();
}

/**
 * Gives a variable the value that it has on one replica, for as long as the code of this replica runs.
 *
 * @param tf - The TensorFlow.js that owns the variable.
 * @param variable - A variable with copies.
 * @param value - The value on the replica.
 */
export function showCopy(tf: TensorFlowJs, variable: Variable, value: Tensor): void {
  const copies = COPIES.get(variable);
  if (copies !== undefined) copies.isStale = false;
  tf.tidy(() => {
    assignValue(variable, tf.clone(value));
  });
}

/**
 * Ends what {@link showCopy} began.
 *
 * @param variable - A variable with copies.
 */
export function hideCopy(variable: Variable): void {
  const copies = COPIES.get(variable);
  if (copies !== undefined) copies.isStale = true;
}
