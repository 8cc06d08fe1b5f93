/**
 * Kernels for sparse, ragged and string ops. tfjs has no `int64`, so indices are cast to it for the op and back. Pure.
 */
import type { Handle } from '../../tensorflow/op-executor.js';
import type { TensorInfo } from '../tensor-info.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { bool, int, intList, longInt, string, stringList, type } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { checkFits } from '../../tensorflow/native-checks.js';
import { input, type Kernel, type KernelInputs, type KernelTable, listInput, sizeOf } from '../kernel.js';
import { attributes, type KernelScope } from '../kernel-scope.js';

function int64(scope: KernelScope, inputs: KernelInputs, name: string): Handle {
  return scope.cast(scope.in(input(inputs, name)), DataTypeCode.Int64);
}

function int32(scope: KernelScope, handle: Handle | undefined): Handle {
  return scope.cast(handle as Handle, DataTypeCode.Int32);
}

const sparseFillEmptyRows: Kernel = (scope, inputs) => {
  const [indices, values, emptyRows, reverseMap] = scope.ops(
    'SparseFillEmptyRows',
    [
      int64(scope, inputs, 'indices'),
      scope.in(input(inputs, 'values')),
      int64(scope, inputs, 'denseShape'),
      scope.in(input(inputs, 'defaultValue')),
    ],
    4,
  );
  return [int32(scope, indices), values as Handle, emptyRows as Handle, int32(scope, reverseMap)];
};

const sparseReshape: Kernel = (scope, inputs) => {
  const names = ['inputIndices', 'inputShape', 'newShape'];
  return scope
    .ops(
      'SparseReshape',
      names.map((name) => int64(scope, inputs, name)),
      2,
    )
    .map((handle) => int32(scope, handle));
};

const sparseSegment =
  (op: string): Kernel =>
  (scope, inputs) => {
    const data = scope.toNumber(scope.in(input(inputs, 'data')));
    const result = scope.op(op, [
      // TensorFlow has no mean of integers.
      op === 'SparseSegmentMean' ? scope.toFloat(data) : data,
      scope.cast(scope.in(input(inputs, 'indices')), DataTypeCode.Int32),
      scope.cast(scope.in(input(inputs, 'segmentIds')), DataTypeCode.Int32),
    ]);
    return scope.cast(result, data.dtype);
  };

const sparseToDense: Kernel = (scope, inputs, { outputShape }: { outputShape: number[] }) =>
  scope.op(
    'SparseToDense',
    [
      scope.cast(scope.in(input(inputs, 'sparseIndices')), DataTypeCode.Int32),
      scope.ints(outputShape),
      scope.in(input(inputs, 'sparseValues')),
      scope.in(input(inputs, 'defaultValue')),
    ],
    // tfjs accepts repeated and unsorted indices; the last value wins.
    attributes(bool('validate_indices', false)),
  );

interface StringNGramsAttributes {
  readonly separator: string;
  readonly nGramWidths: number[];
  readonly leftPad: string;
  readonly rightPad: string;
  readonly padWidth: number;
  readonly preserveShortSequences: boolean;
}

/** The number of strings that go into all n-grams. A wide n-gram is mostly padding, and there is one for each shift. */
function ngramTokens(tokens: number, rows: number, { nGramWidths, padWidth }: StringNGramsAttributes): number {
  return nGramWidths.reduce((sum, width) => {
    const padding = padWidth < 0 ? width - 1 : Math.min(padWidth, width - 1);
    return sum + Math.max(0, tokens + rows * (2 * padding - width + 1)) * width;
  }, 0);
}

const stringNGrams: Kernel = (scope, inputs, given: StringNGramsAttributes) => {
  const [data, splits] = [input(inputs, 'data'), input(inputs, 'dataSplits')];
  const rows = Math.max(0, sizeOf(splits.shape) - 1);
  checkFits('StringNGrams', ngramTokens(sizeOf(data.shape), rows, given), DataTypeCode.String);
  return scope.ops(
    'StringNGrams',
    [scope.in(data), scope.in(splits)],
    2,
    attributes(
      string('separator', given.separator),
      intList('ngram_widths', given.nGramWidths),
      string('left_pad', given.leftPad),
      string('right_pad', given.rightPad),
      int('pad_width', given.padWidth),
      bool('preserve_short_sequences', given.preserveShortSequences),
    ),
  );
};

const stringSplit: Kernel = (scope, inputs, { skipEmpty }: { skipEmpty: boolean }) => {
  const [indices, values, shape] = scope.ops(
    'StringSplit',
    [scope.in(input(inputs, 'input')), scope.in(input(inputs, 'delimiter'))],
    3,
    attributes(bool('skip_empty', skipEmpty)),
  );
  return [int32(scope, indices), values as Handle, int32(scope, shape)];
};

const raggedGather: Kernel = (scope, inputs, { outputRaggedRank }: { outputRaggedRank: number }) => {
  const splits = listInput(inputs, 'paramsNestedSplits');
  const rank = splits.length + input(inputs, 'indices').shape.length - 1;
  // TensorFlow ends the process for any other.
  if (outputRaggedRank !== rank) throw new Error(`outputRaggedRank must be ${rank}, not ${outputRaggedRank}.`);
  return scope.ops(
    'RaggedGather',
    [
      splits.map((info) => scope.in(info)),
      scope.in(input(inputs, 'paramsDenseValues')),
      scope.in(input(inputs, 'indices')),
    ],
    outputRaggedRank + 1,
    attributes(int('OUTPUT_RAGGED_RANK', outputRaggedRank)),
  );
};

/**
 * Checks that there are as many values as the last partition counts: TensorFlow reads beyond their end.
 *
 * @param scope - Reads the partition. Ragged ops are rare, so that waiting for it does no harm.
 * @param values - The values.
 * @param type - What the partition lists.
 * @param partition - The last partition.
 */
function checkPartition(scope: KernelScope, values: TensorInfo, type: string | undefined, partition: TensorInfo): void {
  const [size] = partition.shape;
  const counted =
    type === 'ROW_SPLITS' && size !== undefined && size > 0
      ? Number((scope.executor.peek(scope.in(partition)) as Int32Array).at(-1))
      : size;
  if (counted === undefined || type === 'FIRST_DIM_SIZE' || counted === values.shape[0]) return;
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    `The last row partition counts ${counted} values, but there are ${values.shape[0] ?? 1}.`,
  );
}

const raggedTensorToTensor: Kernel = (scope, inputs, { rowPartitionTypes }: { rowPartitionTypes: string[] }) => {
  const partitions = listInput(inputs, 'rowPartitionTensors');
  const last = partitions.at(-1);
  if (last !== undefined)
    checkPartition(scope, input(inputs, 'values'), rowPartitionTypes[partitions.length - 1], last);
  return scope.op(
    'RaggedTensorToTensor',
    [
      scope.in(input(inputs, 'shape')),
      scope.in(input(inputs, 'values')),
      scope.in(input(inputs, 'defaultValue')),
      partitions.map((info) => scope.in(info)),
    ],
    attributes(stringList('row_partition_types', rowPartitionTypes)),
  );
};

export const SPARSE_KERNELS: KernelTable = {
  RaggedGather: raggedGather,
  RaggedRange: (scope, inputs) =>
    scope.ops(
      'RaggedRange',
      ['starts', 'limits', 'deltas'].map((name) => scope.in(input(inputs, name))),
      2,
      attributes(type('Tsplits', DataTypeCode.Int32)),
    ),
  RaggedTensorToTensor: raggedTensorToTensor,
  SparseFillEmptyRows: sparseFillEmptyRows,
  SparseReshape: sparseReshape,
  SparseSegmentMean: sparseSegment('SparseSegmentMean'),
  SparseSegmentSum: sparseSegment('SparseSegmentSum'),
  SparseToDense: sparseToDense,
};

export const STRING_KERNELS: KernelTable = {
  StaticRegexReplace: (scope, inputs, given: { pattern: string; rewrite: string; replaceGlobal: boolean }) =>
    scope.op(
      'StaticRegexReplace',
      [scope.in(input(inputs, 'x'))],
      attributes(
        string('pattern', given.pattern),
        string('rewrite', given.rewrite),
        bool('replace_global', given.replaceGlobal),
      ),
    ),
  StringNGrams: stringNGrams,
  StringSplit: stringSplit,
  StringToHashBucketFast: (scope, inputs, { numBuckets }: { numBuckets: number }) =>
    int32(
      scope,
      scope.op(
        'StringToHashBucketFast',
        [scope.in(input(inputs, 'input'))],
        attributes(longInt('num_buckets', numBuckets)),
      ),
    ),
};
