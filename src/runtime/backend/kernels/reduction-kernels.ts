/** Kernels for reductions, scans, sorting and counting. Pure. */
import { type } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { input, type Kernel, type KernelTable, type PlainKernel } from '../kernel.js';
import { attributes, bool } from '../kernel-scope.js';

interface ReductionAttributes {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

type Accepts = 'number' | 'float' | 'bool' | 'any';

const reduction =
  (op: string, accepts: Accepts): Kernel =>
  (scope, inputs, { axis, reductionIndices, keepDims = false }: ReductionAttributes) => {
    const info = input(inputs, 'x');
    let x = scope.in(info);
    if (accepts === 'number') x = scope.toNumber(x);
    if (accepts === 'float') x = scope.toFloat(x);
    if (accepts === 'bool') x = scope.cast(x, DataTypeCode.Bool);
    const axes = scope.tfjs.util.parseAxisParam((axis ?? reductionIndices) as number | number[], info.shape);
    return scope.reduce(op, x, axes, keepDims);
  };

/** TensorFlow's ArgMax and ArgMin support ranks up to this one. */
const MAX_ARG_REDUCTION_RANK = 7;

const argReduction =
  (op: string): Kernel =>
  (scope, inputs, { axis }: { axis: number | number[] }) => {
    const info = input(inputs, 'x');
    const x = scope.toNumber(scope.in(info));
    const [parsed] = scope.tfjs.util.parseAxisParam(axis, info.shape);
    const set = attributes(type('output_type', DataTypeCode.Int32));
    if (info.shape.length <= MAX_ARG_REDUCTION_RANK) return scope.op(op, [x, scope.intScalar(parsed as number)], set);
    const at = parsed as number;
    const outer = info.shape.slice(0, at);
    const inner = info.shape.slice(at + 1);
    const product = (sizes: number[]): number => sizes.reduce((total, size) => total * size, 1);
    const folded = scope.reshape(x, [product(outer), info.shape[at] as number, product(inner)]);
    return scope.reshape(scope.op(op, [folded, scope.intScalar(1)], set), [...outer, ...inner]);
  };

const scan =
  (op: string): Kernel =>
  (scope, inputs, { axis, exclusive, reverse }: { axis: number; exclusive: boolean; reverse: boolean }) =>
    scope.op(
      op,
      [scope.toNumber(scope.in(input(inputs, 'x'))), scope.intScalar(axis)],
      attributes(bool('exclusive', exclusive), bool('reverse', reverse)),
    );

const topK: Kernel = (scope, inputs, { k, sorted }: { k: number; sorted: boolean }) =>
  scope.ops(
    'TopKV2',
    [scope.toNumber(scope.in(input(inputs, 'x'))), scope.intScalar(k)],
    2,
    attributes(bool('sorted', sorted)),
  );

const unique: Kernel = (scope, inputs, { axis }: { axis: number }) => {
  const info = input(inputs, 'x');
  const [parsed] = scope.tfjs.util.parseAxisParam(axis, info.shape);
  return scope.ops(
    'UniqueV2',
    [scope.in(info), scope.ints([parsed as number])],
    2,
    attributes(type('out_idx', DataTypeCode.Int32)),
  );
};

const segmentSum: Kernel = (scope, inputs, { numSegments }: { numSegments: number }) =>
  scope.op('UnsortedSegmentSum', [
    scope.toNumber(scope.in(input(inputs, 'x'))),
    scope.cast(scope.in(input(inputs, 'segmentIds')), DataTypeCode.Int32),
    scope.intScalar(numSegments),
  ]);

const denseBincount: Kernel = (
  scope,
  inputs,
  { size, binaryOutput = false }: { size: number; binaryOutput?: boolean },
) =>
  scope.op(
    'DenseBincount',
    [scope.in(input(inputs, 'x')), scope.intScalar(size), scope.in(input(inputs, 'weights'))],
    attributes(bool('binary_output', binaryOutput)),
  );

/** A search in sorted rows. */
const search =
  (op: 'LowerBound' | 'UpperBound'): PlainKernel =>
  (scope, inputs) =>
    scope.op(
      op,
      [scope.in(input(inputs, 'sortedSequence')), scope.in(input(inputs, 'values'))],
      attributes(type('out_type', DataTypeCode.Int32)),
    );

export const REDUCTION_KERNELS: KernelTable = {
  All: reduction('All', 'bool'),
  Any: reduction('Any', 'bool'),
  Max: reduction('Max', 'number'),
  Mean: reduction('Mean', 'float'),
  Min: reduction('Min', 'number'),
  Prod: reduction('Prod', 'number'),
  Sum: reduction('Sum', 'number'),
  ArgMax: argReduction('ArgMax'),
  ArgMin: argReduction('ArgMin'),
  Cumsum: scan('Cumsum'),
  Cumprod: scan('Cumprod'),
  TopK: topK,
  Unique: unique,
  UnsortedSegmentSum: segmentSum,
  Bincount: (scope, inputs, { size }: { size: number }) =>
    scope.op('Bincount', [scope.in(input(inputs, 'x')), scope.intScalar(size), scope.in(input(inputs, 'weights'))]),
  DenseBincount: denseBincount,
  LowerBound: search('LowerBound'),
  UpperBound: search('UpperBound'),
  SearchSorted: (scope, inputs, { side }: { side: 'left' | 'right' }) =>
    search(side === 'left' ? 'LowerBound' : 'UpperBound')(scope, inputs),
};
