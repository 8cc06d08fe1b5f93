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

/** Checks an operation. @throws {MirrorscopeError} `INVALID_ARGUMENT` unless it is a {@link ReduceOp}. */
export function checkReduceOp(operation: unknown): void {
  if (operation === ReduceOp.SUM || operation === ReduceOp.MEAN) return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${String(operation)} is not a reduce operation.`, {
    hint: 'Pass ReduceOp.SUM or ReduceOp.MEAN.',
  });
}
