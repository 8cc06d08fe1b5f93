/** Datasets that say how the processes of a strategy share them. Touches no tensors. */
import type { InputContext } from './input-context.js';
import type { data, TensorContainer } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

import { AutoShardPolicy, checkAutoShardPolicy } from './auto-shard-policy.js';
import { shardFiles } from './shard-files.js';

type Dataset = data.Dataset<TensorContainer>;

/** The files of a dataset, and how it reads them. */
interface FileSource {
  readonly files: readonly string[];
  readonly read: (files: readonly string[]) => Dataset;
}

interface Sharding {
  readonly policy: AutoShardPolicy;
  readonly source: FileSource | undefined;
}

const SHARDING = Symbol.for('mirrorscope.sharding');

/** The methods that make another dataset of this one's rows. */
const TRANSFORMATIONS = ['batch', 'filter', 'map', 'mapAsync', 'prefetch', 'repeat', 'shuffle', 'skip', 'take'];
type Transformation = (...args: unknown[]) => Dataset;

function methodOf(dataset: Dataset, name: string): Transformation {
  const method = (dataset as unknown as Record<string, Transformation>)[name] as Transformation;
  return method.bind(dataset);
}

function shardingOf(dataset: Dataset): Sharding | undefined {
  return (dataset as { [SHARDING]?: Sharding })[SHARDING];
}

/** Adds the sharding to a dataset and to all that are made of it. */
function attach<Rows extends Dataset>(dataset: Rows, sharding: Sharding): Rows {
  const { policy, source } = sharding;
  const made = Object.create(dataset, { [SHARDING]: { value: sharding } }) as Rows;
  const define = (name: string, method: Transformation): void => {
    Object.defineProperty(made, name, { value: method });
  };
  for (const name of TRANSFORMATIONS) {
    define(name, (...args) => {
      const read = source && ((files: readonly string[]) => methodOf(source.read(files), name)(...args));
      return attach(methodOf(dataset, name)(...args), { policy, source: source && read && { ...source, read } });
    });
  }
  // The other dataset does not belong to the files.
  define('concatenate', (...args) => attach(methodOf(dataset, 'concatenate')(...args), { policy, source: undefined }));
  return made;
}

function requireDataset(dataset: unknown, caller: string): void {
  if (typeof (dataset as Partial<Dataset> | null | undefined)?.iterator === 'function') return;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, `${caller} needs a tf.data dataset.`, {
    hint: 'For example: tf.data.array(rows).batch(globalBatchSize).',
  });
}

/**
 * Says how the workers share a dataset, as `experimental_distribute.auto_shard_policy` of TensorFlow's options. It also
 * holds for the datasets that methods such as `batch` make of this one, but not for those that `tf.data.zip` makes.
 *
 * @param dataset - The dataset. Without a policy, it has `AUTO`.
 * @param policy - How to share it.
 * @returns The same rows, with the policy.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when an argument has the wrong type.
 *
 * @example
 * ```js
 * const dataset = withAutoShardPolicy(rowsOfThisWorker.batch(64), AutoShardPolicy.OFF);
 * await model.fitDataset(dataset, { epochs: 5 });
 * ```
 */
export function withAutoShardPolicy<Rows extends TensorContainer>(
  dataset: data.Dataset<Rows>,
  policy: AutoShardPolicy,
): data.Dataset<Rows> {
  requireDataset(dataset, 'withAutoShardPolicy()');
  const checked = checkAutoShardPolicy(policy);
  const plain = dataset as unknown as Dataset;
  const made = attach(plain, { policy: checked, source: shardingOf(plain)?.source });
  return made as unknown as data.Dataset<Rows>;
}

/**
 * Makes a dataset that knows its files, so that each worker can read only its own.
 *
 * @param files - All files, in the same order in every worker.
 * @param read - Makes the dataset of some of the files. It must not use any others.
 * @returns The dataset of all files.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when `files` is not a list, or `read` makes no dataset.
 *
 * @example
 * ```js
 * const dataset = datasetFromFiles(files, (own) =>
 *   own.map((file) => tf.data.csv(file)).reduce((all, next) => all.concatenate(next)),
 * ).batch(64);
 * ```
 */
export function datasetFromFiles<Rows extends TensorContainer>(
  files: readonly string[],
  read: (files: readonly string[]) => data.Dataset<Rows>,
): data.Dataset<Rows> {
  if (!Array.isArray(files) || files.length === 0) {
    throw new MirrorscopeError(ErrorCode.InvalidArgument, 'datasetFromFiles() needs a list of files.', {
      hint: "For example: datasetFromFiles(['a.csv', 'b.csv'], readRows).",
    });
  }
  const readChecked = (some: readonly string[]): Dataset => {
    const made: unknown = read(some);
    requireDataset(made, 'The function of datasetFromFiles()');
    return made as Dataset;
  };
  const source = { files: [...(files as readonly string[])], read: readChecked };
  const whole = attach(readChecked(source.files), { policy: AutoShardPolicy.AUTO, source });
  return whole as unknown as data.Dataset<Rows>;
}

/** What one process reads. */
export interface ProcessShare {
  readonly dataset: Dataset;
  /** All files, if the processes share these. */
  readonly files: readonly string[] | undefined;
}

/**
 * Finds the dataset of one process.
 *
 * @param dataset - The dataset of the program.
 * @param context - The process.
 * @returns Its rows alone; undefined if all processes read the same batches.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when files are to be shared, and there are too few or none.
 */
export function shareOfProcess(
  dataset: Dataset,
  context: Pick<InputContext, 'numInputPipelines' | 'inputPipelineId'>,
): ProcessShare | undefined {
  const { policy = AutoShardPolicy.AUTO, source } = shardingOf(dataset) ?? {};
  if (policy === AutoShardPolicy.OFF) return { dataset, files: undefined };
  if (policy === AutoShardPolicy.DATA) return undefined;
  const isAuto = policy === AutoShardPolicy.AUTO;
  if (isAuto && (source?.files.length ?? 0) < context.numInputPipelines) return undefined;
  if (source === undefined) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      'AutoShardPolicy.FILE needs a dataset that knows its files.',
      {
        hint: 'Make it with datasetFromFiles(files, read), or use AutoShardPolicy.DATA.',
      },
    );
  }
  const { files, read } = source;
  return { dataset: read(shardFiles(files, context)), files };
}
