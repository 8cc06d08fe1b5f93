/** Shares out files between processes. Pure. */
import type { InputContext } from './input-context.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

/**
 * Chooses the files of one process, as `tf.data.Dataset.shard` on a list of files: of N processes, process i takes the
 * files i, i + N, and so on.
 *
 * @param files - All files, in the same order in every process.
 * @param context - The process.
 * @returns Its files.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when there are fewer files than processes.
 *
 * @example
 * ```js
 * strategy.distributeDatasetsFromFunction((context) => readRows(shardFiles(files, context)).batch(16));
 * ```
 */
export function shardFiles<File>(
  files: readonly File[],
  context: Pick<InputContext, 'numInputPipelines' | 'inputPipelineId'>,
): File[] {
  const { numInputPipelines, inputPipelineId } = context;
  if (files.length < numInputPipelines) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `There are fewer files (${files.length}) than workers (${numInputPipelines}), so some would have no data.`,
      { hint: 'Use AutoShardPolicy.DATA, split the data into more files, or start fewer workers.' },
    );
  }
  return files.filter((_, index) => index % numInputPipelines === inputPipelineId);
}
