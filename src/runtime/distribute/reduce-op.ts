/** The operations that combine the values of several replicas. Pure. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** An operation that combines the values of the replicas, as `tf.distribute.ReduceOp`. */
export enum ReduceOp {
  /** Add the values. */
  SUM = 'SUM',
  /** Take their arithmetic mean. */
  MEAN = 'MEAN',
}

/**
 * Checks an operation.
 *
 * @param operation - A {@link ReduceOp}, or its name in any case, as in TensorFlow.
 * @returns The operation.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for anything else.
 */
export function checkReduceOp(operation: unknown): ReduceOp {
  const name = typeof operation === 'string' ? operation.toUpperCase() : undefined;
  if (name === 'SUM') return ReduceOp.SUM;
  if (name === 'MEAN') return ReduceOp.MEAN;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${String(operation)} is not a reduce operation.`, {
    hint: 'Pass ReduceOp.SUM or ReduceOp.MEAN.',
  });
}
