/** The functions and methods that return a value of a known type. Data only; any other function proves nothing. */
import type { ReceiverType } from '../../../catalogue/catalogue-entry.js';

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

const each = (names: readonly string[], type: ReceiverType): (readonly [string, ReceiverType])[] =>
  names.map((name) => [name, type]);

/** The type that a function of tf returns, by its dotted path. */
export const FUNCTION_RESULTS: ReadonlyMap<string, ReceiverType> = new Map([
  ...each(TENSOR_FUNCTIONS, 'Tensor'),
  ...each(words('data.array data.csv data.generator data.func data.zip'), 'Dataset'),
  ...each(words('sequential model'), 'LayersModel'),
]);

/** The type that the promise of an asynchronous function resolves to. */
export const PROMISED_RESULTS: ReadonlyMap<string, ReceiverType> = new Map(
  each(words('loadLayersModel loadModel'), 'LayersModel'),
);

/** The type that a method of a known type returns. */
export const METHOD_RESULTS: ReadonlyMap<ReceiverType, ReadonlyMap<string, ReceiverType>> = new Map([
  ['Tensor', new Map([...each(TENSOR_METHODS, 'Tensor'), ...each(['dataToGPU'], 'GPUData')])],
  ['Dataset', new Map(each(DATASET_METHODS, 'Dataset'))],
]);

/** The receiver type for each TypeScript type, class or constructor of TensorFlow.js. */
export const TYPE_NAMES: ReadonlyMap<string, ReceiverType> = new Map([
  ...each(words('Tensor Tensor1D Tensor2D Tensor3D Tensor4D Tensor5D Tensor6D Scalar Variable'), 'Tensor'),
  ...each(words('data.Dataset'), 'Dataset'),
  ...each(words('LayersModel Model Sequential'), 'LayersModel'),
  ...each(words('GPUData'), 'GPUData'),
]);

/** The same tables for deeplearn. */
export const DEEPLEARN_TYPE_NAMES: ReadonlyMap<string, ReceiverType> = new Map([
  ...each(words('NDArray Array1D Array2D Array3D Array4D Scalar'), 'deeplearn.NDArray'),
  ...each(words('NDArrayMath NDArrayMathGPU NDArrayMathCPU'), 'deeplearn.NDArrayMath'),
]);
export const DEEPLEARN_FUNCTION_RESULTS: ReadonlyMap<string, ReceiverType> = new Map(
  words('NDArray Array1D Array2D Array3D Array4D Scalar').flatMap((name) =>
    each(
      words('new zeros ones randNormal randUniform').map((method) => `${name}.${method}`),
      'deeplearn.NDArray',
    ),
  ),
);
export const DEEPLEARN_VALUES: ReadonlyMap<string, ReceiverType> = new Map(each(['ENV.math'], 'deeplearn.NDArrayMath'));

export const KERAS_JS_TYPE_NAMES: ReadonlyMap<string, ReceiverType> = new Map(each(['Model'], 'KerasJS.Model'));
