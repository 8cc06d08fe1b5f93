/** The functions and methods that return a value of a known type. Data only; any other function proves nothing. */
import type { ReceiverType } from '../../../catalogue/catalogue-entry.js';

/** A receiver type, an array of tensors, or an object whose properties are tensors. */
export type ValueType = ReceiverType | 'Tensor[]' | 'Tensor{}';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Functions of tf that return one tensor. Includes old names, because the analysed code is legacy code. */
const TENSOR_FUNCTIONS = words(`
  abs acos acosh add addN all any argMax argMin asin asinh atan atan2 atanh avgPool avgPool3d batchNorm batchNorm2d batchNorm3d
  batchNorm4d batchNormalization batchNormalization2d batchNormalization3d batchNormalization4d batchToSpaceND broadcastTo cast
  ceil clipByValue clone complex concat concat1d concat2d concat3d concat4d conv1d conv2d conv2dTranspose conv3d cos cosh cumsum
  depthToSpace depthwiseConv2d diag div divNoNan dot dropout elu equal erf exp expandDims expm1 eye fft fill floor floorDiv gather
  greater greaterEqual ifft imag irfft isFinite isInf isNaN keep leakyRelu less lessEqual linspace localResponseNormalization log
  log1p logSigmoid logSoftmax logSumExp logicalAnd logicalNot logicalOr logicalXor matMul max maxPool maxPool3d maximum mean min
  minimum mod mul multinomial neg norm notEqual oneHot ones onesLike outerProduct pad pad1d pad2d pad3d pad4d pool pow prelu prod
  rand randomGamma randomNormal randomUniform range real reciprocal relu relu6 reshape reverse rfft round rsqrt scalar selu
  separableConv2d sigmoid sign sin sinh slice slice1d slice2d slice3d slice4d softmax softplus spaceToBatchND sqrt square
  squaredDifference squeeze stack step stridedSlice sub sum tan tanh tensor tensor1d tensor2d tensor3d tensor4d tensor5d tensor6d
  tile transpose truncatedNormal unsortedSegmentSum variable where zeros zerosLike
  addStrict subStrict mulStrict divStrict powStrict modStrict maximumStrict minimumStrict squaredDifferenceStrict
  fromPixels browser.fromPixels image.resizeBilinear image.resizeNearestNeighbor image.cropAndResize node.decodeImage
  node.decodeJpeg node.decodePng
`);

/** Methods of a tensor that return one tensor. */
const TENSOR_METHODS = words(`
  abs acos acosh add all any argMax argMin as1D as2D as3D as4D as5D asScalar asType asin asinh atan atan2 atanh avgPool batchNorm
  batchNormalization batchToSpaceND broadcastTo cast ceil clipByValue clone concat conv1d conv2d conv2dTranspose cos cosh cumsum
  depthToSpace depthwiseConv2D depthwiseConv2d div divNoNan dot elu equal erf exp expandDims expm1 fft flatten floor floorDiv
  gather greater greaterEqual ifft irfft isFinite isInf isNaN leakyRelu less lessEqual localResponseNormalization log log1p
  logSigmoid logSoftmax logSumExp logicalAnd logicalNot logicalOr logicalXor matMul max maxPool maximum mean min minPool minimum
  mod mul neg norm notEqual oneHot onesLike pad pool pow prelu prod reciprocal relu relu6 reshape reshapeAs resizeBilinear
  resizeNearestNeighbor reverse rfft round rsqrt selu separableConv2d sigmoid sign sin sinh slice softmax softplus spaceToBatchND
  sqrt square squaredDifference squeeze stack step stridedSlice sub sum tan tanh tile toBool toFloat toInt transpose
  unsortedSegmentSum variable where zerosLike
  addStrict subStrict mulStrict divStrict powStrict modStrict maximumStrict minimumStrict equalStrict notEqualStrict lessStrict
  lessEqualStrict greaterStrict greaterEqualStrict squaredDifferenceStrict
`);

const DATASET_METHODS = words('batch concatenate filter map mapAsync prefetch repeat shuffle skip take');

const each = <Type extends ValueType>(names: readonly string[], type: Type): (readonly [string, Type])[] =>
  names.map((name) => [name, type]);

/** The type that a function of tf returns, by its dotted path. */
export const FUNCTION_RESULTS: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ...each(TENSOR_FUNCTIONS, 'Tensor'),
  ...each(words('unstack split meshgrid linalg.qr'), 'Tensor[]'),
  ...each(words('moments topk unique'), 'Tensor{}'),
  ...each(words('data.array data.csv data.generator data.func data.zip'), 'Dataset'),
  ...each(words('sequential model'), 'LayersModel'),
]);

/** The type that the promise of an asynchronous function resolves to. */
export const PROMISED_RESULTS: ReadonlyMap<string, ValueType> = new Map(
  each(words('loadLayersModel loadModel'), 'LayersModel'),
);

/** The type that a method of a known type returns. */
export const METHOD_RESULTS: ReadonlyMap<ValueType, ReadonlyMap<string, ValueType>> = new Map<
  ValueType,
  ReadonlyMap<string, ValueType>
>([
  [
    'Tensor',
    new Map<string, ValueType>([
      ...each(TENSOR_METHODS, 'Tensor'),
      ...each(words('unstack split'), 'Tensor[]'),
      ...each(['topk'], 'Tensor{}'),
      ...each(['dataToGPU'], 'GPUData'),
    ]),
  ],
  ['Tensor[]', new Map(each(words('sort slice filter reverse concat splice fill toSorted toReversed'), 'Tensor[]'))],
  ['Dataset', new Map(each(DATASET_METHODS, 'Dataset'))],
]);

/** The type that a method returns in most programs; some models return a list instead. */
export const PROBABLE_METHOD_RESULTS: ReadonlyMap<ValueType, ReadonlyMap<string, ValueType>> = new Map([
  ['LayersModel', new Map(each(words('predict predictOnBatch evaluate apply'), 'Tensor'))],
]);

/** Methods of an array that return one of its elements. */
export const ELEMENT_METHODS: ReadonlySet<string> = new Set(words('pop shift at find findLast'));

/** Methods of an array, and which parameters of their callback are elements. */
export const ELEMENT_PARAMETERS: ReadonlyMap<string, readonly number[]> = new Map([
  ...words('map forEach filter find findIndex findLast some every flatMap').map(
    (name): readonly [string, readonly number[]] => [name, [0]],
  ),
  ...words('sort toSorted').map((name): readonly [string, readonly number[]] => [name, [0, 1]]),
  ...words('reduce reduceRight').map((name): readonly [string, readonly number[]] => [name, [1]]),
]);

/** Methods that return tensors, and that few objects but tensors have. */
export const DISTINCTIVE_METHODS: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ...each(
    words(`
      matMul expandDims argMax argMin asScalar as1D as2D as3D as4D as5D asType toFloat logSoftmax softmax oneHot conv1d conv2d
      conv2dTranspose depthwiseConv2D depthwiseConv2d separableConv2d maxPool avgPool batchNorm batchNormalization clipByValue
      leakyRelu relu6 logSumExp squaredDifference broadcastTo stridedSlice onesLike zerosLike rsqrt resizeBilinear
      resizeNearestNeighbor logicalAnd logicalOr logicalNot logicalXor unsortedSegmentSum localResponseNormalization
      addStrict subStrict mulStrict divStrict powStrict modStrict maximumStrict minimumStrict squaredDifferenceStrict
    `),
    'Tensor',
  ),
  ...each(['unstack'], 'Tensor[]'),
]);

/** Names of functions of other libraries whose results have methods with names like those of a tensor. */
export const FUNCTIONS_OF_OTHER_LIBRARIES: ReadonlySet<string> = new Set(
  words('$ jQuery _ chain moment dayjs cy d3 math nj numeric Immutable'),
);

/** The receiver type for each TypeScript type, class or constructor of TensorFlow.js. */
export const TYPE_NAMES: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ...each(words('Tensor Tensor1D Tensor2D Tensor3D Tensor4D Tensor5D Tensor6D Scalar Variable'), 'Tensor'),
  ...each(words('data.Dataset'), 'Dataset'),
  ...each(words('LayersModel Model Sequential'), 'LayersModel'),
  ...each(words('GPUData'), 'GPUData'),
  ...each(words('NamedTensorMap'), 'Tensor{}'),
]);

/** The same tables for deeplearn. */
export const DEEPLEARN_TYPE_NAMES: ReadonlyMap<string, ValueType> = new Map([
  ...each(words('NDArray Array1D Array2D Array3D Array4D Scalar'), 'deeplearn.NDArray'),
  ...each(words('NDArrayMath NDArrayMathGPU NDArrayMathCPU'), 'deeplearn.NDArrayMath'),
]);
export const DEEPLEARN_FUNCTION_RESULTS: ReadonlyMap<string, ValueType> = new Map(
  words('NDArray Array1D Array2D Array3D Array4D Scalar').flatMap((name) =>
    each(
      words('new zeros ones randNormal randUniform').map((method) => `${name}.${method}`),
      'deeplearn.NDArray',
    ),
  ),
);
export const DEEPLEARN_VALUES: ReadonlyMap<string, ValueType> = new Map(each(['ENV.math'], 'deeplearn.NDArrayMath'));

export const KERAS_JS_TYPE_NAMES: ReadonlyMap<string, ValueType> = new Map(each(['Model'], 'KerasJS.Model'));
