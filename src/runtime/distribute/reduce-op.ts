/** How values of several replicas become one. Pure. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** How a value is combined over replicas, as `tf.distribute.ReduceOp`. */
export enum ReduceOp {
  /** Add the values. */
  SUM = 'SUM',
  /** Take their arithmetic mean. */
  MEAN = 'MEAN',
}

/** @throws {MirrorscopeError} `INVALID_ARGUMENT` unless `operation` is a {@link ReduceOp}. */
export function checkReduceOp(operation: unknown): void {
  if (operation === ReduceOp.SUM || operation === ReduceOp.MEAN) return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${String(operation)} is not a reduce operation.`, {
    hint: 'Pass ReduceOp.SUM or ReduceOp.MEAN.',
  });
}
