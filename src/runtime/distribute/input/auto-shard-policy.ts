/** How a dataset is shared out between the processes of a strategy. Pure. */
import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

/** How the workers share a dataset, as `tf.data.experimental.AutoShardPolicy`. */
export enum AutoShardPolicy {
  /** `FILE` if the dataset knows its files and there is one for each worker, otherwise `DATA`. */
  AUTO = 'AUTO',
  /** Every worker makes the same batches, and takes its own rows of each. */
  DATA = 'DATA',
  /** Every worker reads its own files. */
  FILE = 'FILE',
  /** Every worker uses all rows of its dataset, which the program has shared out itself. */
  OFF = 'OFF',
}

/**
 * Checks a policy.
 *
 * @param policy - An {@link AutoShardPolicy}, or its name in any case.
 * @returns The policy.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for anything else.
 */
export function checkAutoShardPolicy(policy: unknown): AutoShardPolicy {
  const name = typeof policy === 'string' ? policy.toUpperCase() : undefined;
  const found = Object.values(AutoShardPolicy).find((each) => (each as string) === name);
  if (found !== undefined) return found;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${String(policy)} is not a policy for sharding.`, {
    hint: 'Pass AutoShardPolicy.AUTO, DATA, FILE or OFF.',
  });
}
