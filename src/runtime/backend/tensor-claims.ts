/** Compares what a tensor says of itself with its data, which a caller of `runKernel` can choose freely. Pure. */
import type { TensorInfo } from './tensor-info.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { sizeOf } from './kernel.js';

/**
 * Checks that data can have a shape.
 *
 * @param shape - The shape.
 * @param data - The data.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the sizes differ.
 */
export function checkShapeClaim(shape: readonly number[], data: { readonly shape: readonly number[] }): void {
  if (sizeOf(shape) === sizeOf(data.shape)) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `A tensor claims the shape [${shape.join()}], but its data has the shape [${data.shape.join()}].`,
  );
}

/**
 * Checks that numbers do not claim to be text, and text not to be numbers.
 *
 * @param dtype - The claimed type.
 * @param data - The data.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when they do.
 */
export function checkTypeClaim(dtype: TensorInfo['dtype'], data: { readonly dtype: TensorInfo['dtype'] }): void {
  if ((dtype === 'string') === (data.dtype === 'string')) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `A tensor claims the type ${dtype}, but its data has the type ${data.dtype}.`,
  );
}
