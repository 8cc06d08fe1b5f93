/** `variable` for users. Makes tfjs variables. */
import type { Rank, Tensor } from '@tensorflow/tfjs';

import { getStrategy } from './current-strategy.js';
import {
  type DistributedVariable,
  makeDistributedVariable,
  type VariableOptions,
} from './distribute/distributed-variable.js';

/**
 * Makes a variable that says how the values of several replicas become one, as `tf.Variable` does in a strategy. Call
 * it in `strategy.scope` or in a replica; elsewhere the variable has one value.
 *
 * @param initialValue - The first value on every replica.
 * @param options - `aggregation` says how values that replicas assign are combined: NONE (the default, replicas must
 *   not assign it), SUM, MEAN, or ONLY_FIRST_REPLICA. `synchronization` says when: ON_WRITE (the default), or ON_READ,
 *   with which each replica has a value of its own, and code outside replicas reads the combination.
 * @returns A TensorFlow.js variable, also with `assignAdd` and `assignSub`.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for options that do not go together.
 *
 * @example
 * ```js
 * const seen = strategy.scope(() => variable(0, { aggregation: VariableAggregation.SUM }));
 * strategy.run((rows) => seen.assignAdd(rows.shape[0]), [batch]); // adds the rows of all replicas
 * ```
 */
export function variable<R extends Rank = Rank>(
  initialValue: Tensor<R> | number,
  options: VariableOptions = {},
): DistributedVariable<R> {
  return makeDistributedVariable(getStrategy(), initialValue, options);
}
