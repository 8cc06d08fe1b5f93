/**
 * Names that files inside tfjs-core, -layers, -converter and -data exported in some release between 0.6 and 1.7, and that
 * the same files of 4.22.0 do not export. Made by comparing the type declarations. Data only.
 */

/**
 * The names of each file, by its path from `@tensorflow/tfjs-`. `Old=New` is the same type under a new name in the same
 * file; `Old>New@file` is in another file now, or at the root of the package if no file follows; other names are gone.
 */
export const NAMES_OF_DEEP_IMPORTS: ReadonlyMap<string, string> = new Map([
  ['core/dist/backends/backend_util', 'castTensor linspaceImpl reshapeTensor'],
  ['core/dist/backends/non_max_suppression_impl', 'nonMaxSuppressionV3 nonMaxSuppressionV5'],
  ['core/dist/browser_util', 'BrowserUtil'],
  ['core/dist/engine', 'TensorManager'],
  [
    'core/dist/environment',
    `
      EPSILON_FLOAT16>EPSILON_FLOAT16@backends/backend EPSILON_FLOAT32>EPSILON_FLOAT32@backends/backend Features Type
      URLProperty URL_PROPERTIES deprecationWarn>deprecationWarn@
      disableDeprecationWarnings>disableDeprecationWarnings@ enableDebugMode>enableDebugMode@
      enableProdMode>enableProdMode@
    `,
  ],
  [
    'core/dist/globals',
    `
      customGrad>customGrad@ grad>grad@ grads>grads@ valueAndGrad>valueAndGrad@ valueAndGrads>valueAndGrads@
      variableGrads>variableGrads@
    `,
  ],
  ['core/dist/gradients', 'Gradients gradScope'],
  ['core/dist/io/model_management', 'ModelManagement'],
  ['core/dist/kernel_names', 'Div DivInputs'],
  ['core/dist/kernel_registry', 'DataId>DataId@ TensorInfo>TensorInfo@'],
  ['core/dist/ops/axis_util', 'parseAxisParam>parseAxisParam@util_base'],
  [
    'core/dist/ops/batchnorm',
    `
      BatchNormOps batchNorm2d>batchNorm2d@ batchNorm3d>batchNorm3d@ batchNorm4d>batchNorm4d@ batchNormalization
      batchNormalization2d batchNormalization3d batchNormalization4d
    `,
  ],
  ['core/dist/ops/batchnorm2d', 'batchNormalization2d'],
  ['core/dist/ops/batchnorm3d', 'batchNormalization3d'],
  ['core/dist/ops/batchnorm4d', 'batchNormalization4d'],
  ['core/dist/ops/batchnorm_util', 'warnDeprecation'],
  ['core/dist/ops/broadcast_util', 'broadcastDimsAreOuter'],
  ['core/dist/ops/concat', 'ConcatOps'],
  ['core/dist/ops/concat_util', 'assertParams computeGradientSliceShapes computeOutShape1D'],
  [
    'core/dist/ops/fused_util',
    `
      Activation>Activation@ops/fused_types FusedBatchMatMulConfig>FusedBatchMatMulConfig@ops/fused_types
      FusedConv2DConfig>FusedConv2DConfig@ops/fused_types
    `,
  ],
  ['core/dist/ops/moving_average', 'MovingAverageOps'],
  ['core/dist/ops/norm', 'NormOps'],
  ['core/dist/ops/operation', 'operation'],
  [
    'core/dist/ops/ops',
    `
      addStrict batchNormalization batchNormalization2d batchNormalization3d batchNormalization4d conv2dDerFilter
      divStrict equalStrict frame>frame@ops/signal/frame fromPixels>fromPixels@ops/browser greaterEqualStrict
      greaterStrict hammingWindow>hammingWindow@ops/signal/hamming_window hannWindow>hannWindow@ops/signal/hann_window
      lessEqualStrict lessStrict matrixTimesVector maximumStrict minimumStrict modStrict mulStrict notEqualStrict
      operation powStrict sigmoidCrossEntropyWithLogits squaredDifferenceStrict stft>stft@ops/signal/stft subStrict
      toPixels>toPixels@ops/browser vectorTimesMatrix
    `,
  ],
  [
    'core/dist/ops/pool',
    `
      PoolOps avgPool>avgPool@ avgPool3d>avgPool3d@ maxPool>maxPool@ maxPool3d>maxPool3d@
      maxPoolWithArgmax>maxPoolWithArgmax@
    `,
  ],
  [
    'core/dist/ops/rand',
    `
      MPRandGauss>MPRandGauss@ops/rand_util RandGauss RandNormalDataTypes>RandNormalDataTypes@ops/rand_util
    `,
  ],
  [
    'core/dist/ops/reverse',
    `
      ReverseOps reverse1d>reverse1d@ reverse2d>reverse2d@ reverse3d>reverse3d@ reverse4d>reverse4d@
    `,
  ],
  ['core/dist/ops/slice', 'SliceOps slice1d>slice1d@ slice2d>slice2d@ slice3d>slice3d@ slice4d>slice4d@'],
  ['core/dist/ops/slice_util', 'getStridedSlicedInfo'],
  ['core/dist/ops/softmax', 'SoftmaxOps logSoftmax>logSoftmax@'],
  ['core/dist/ops/strided_slice', 'StridedSliceOps'],
  ['core/dist/ops/transpose', 'TransposeOps'],
  ['core/dist/tensor', 'DataId>DataId@ variable>variable@'],
  ['core/dist/tensor_types', 'TensorInfo>TensorInfo@'],
  ['core/dist/tensor_util', 'flattenNameArrayMap tensorToString>tensorToString@tensor_format unflattenToNameArrayMap'],
  [
    'core/dist/types',
    `
      ArrayData DType InferenceModel>InferenceModel@ ModelPredictConfig>ModelPredictConfig@
      NamedTensorMap>NamedTensorMap@ NamedVariableMap>NamedVariableMap@tensor_types TensorContainer>TensorContainer@
      TensorContainerArray>TensorContainerArray@ TensorContainerObject>TensorContainerObject@ TensorInfo>TensorInfo@
    `,
  ],
  [
    'core/dist/util',
    `
      assertArgumentsAreTensors assertTypesMatch>assertTypesMatch@tensor_util
      checkComputationForErrors>checkComputationForErrors@profiler checkForNaN copyTypedArray flattenNameArrayMap
      getQueryParams>getQueryParams@environment getTensorsInContainer>getTensorsInContainer@tensor_util
      inferShape>inferShape@tensor_util_env isTensorInList>isTensorInList@tensor_util
      monitorPromisesProgress>monitorPromisesProgress@io/progress unflattenToNameArrayMap
    `,
  ],
  ['layers/dist/activations', 'ActivationIdentifier>ActivationIdentifier@keras_format/activation_config'],
  ['layers/dist/backend/state', 'disposeScalarCache getScalar'],
  [
    'layers/dist/backend/tfjs_backend',
    `
      disposeScalarCache dtype epsilon eyeVariable floatx getScalar getUid gradients identity intShape nameScope qr
      scalarPlusArray scalarTimesArray shape
    `,
  ],
  ['layers/dist/base_callbacks', 'CustomCallbackConfig=CustomCallbackArgs ModelTrainingYielder'],
  [
    'layers/dist/callbacks',
    `
      BaseLogger>BaseLogger@base_callbacks CallbackList>CallbackList@ CustomCallback>CustomCallback@
      CustomCallbackConfig>CustomCallbackArgs@ History>History@ Logs>Logs@ Params>Params@base_callbacks
      UnresolvedLogs>UnresolvedLogs@logs disposeTensorsInLogs>disposeTensorsInLogs@logs
      resolveScalarsInLogs>resolveScalarsInLogs@logs standardizeCallbacks>standardizeCallbacks@base_callbacks
    `,
  ],
  [
    'layers/dist/common',
    `
      DataFormat>DataFormat@keras_format/common PaddingMode>PaddingMode@keras_format/common
      PoolMode>PoolMode@keras_format/common VALID_DATA_FORMAT_VALUES>VALID_DATA_FORMAT_VALUES@keras_format/common
      VALID_PADDING_MODE_VALUES>VALID_PADDING_MODE_VALUES@keras_format/common
      VALID_POOL_MODE_VALUES>VALID_POOL_MODE_VALUES@keras_format/common
    `,
  ],
  ['layers/dist/constraints', 'MaxNormConfig=MaxNormArgs MinMaxNormConfig=MinMaxNormArgs UnitNormConfig=UnitNormArgs'],
  ['layers/dist/engine/container', 'ContainerConfig=ContainerArgs loadWeightsFromJson loadWeightsFromNamedTensorMap'],
  ['layers/dist/engine/input_layer', 'InputLayerConfig=InputLayerArgs'],
  [
    'layers/dist/engine/topology',
    `
      InputSpecConfig=InputSpecArgs LayerConfig=LayerArgs NodeConfig=NodeArgs Container>Container@engine/container
      ContainerConfig>ContainerArgs@engine/container Input>Input@engine/input_layer
      InputConfig>InputConfig@engine/input_layer InputLayer>InputLayer@engine/input_layer
      InputLayerConfig>InputLayerArgs@engine/input_layer loadWeightsFromJson loadWeightsFromNamedTensorMap
    `,
  ],
  [
    'layers/dist/engine/training',
    `
      ModelCompileConfig=ModelCompileArgs ModelEvaluateConfig=ModelEvaluateArgs Model>LayersModel@
      ModelFitConfig>ModelFitArgs@ ModelLoggingVerbosity>ModelLoggingVerbosity@base_callbacks
      makeBatches>makeBatches@engine/training_tensors
      sliceArraysByIndices>sliceArraysByIndices@engine/training_tensors
    `,
  ],
  [
    'layers/dist/engine/training_dataset',
    `
      ModelEvaluateDatasetConfig=ModelEvaluateDatasetArgs ModelFitDatasetConfig=ModelFitDatasetArgs
    `,
  ],
  ['layers/dist/engine/training_tensors', 'ModelFitConfig=ModelFitArgs fitTensors'],
  [
    'layers/dist/exports',
    `
      ConstraintExports InitializerExports LayerExports MetricExports ModelExports RegularizerExports
      loadModel>loadLayersModel@
    `,
  ],
  [
    'layers/dist/initializers',
    `
      ConstantConfig=ConstantArgs IdentityConfig=IdentityArgs OrthogonalConfig=OrthogonalArgs
      RandomNormalConfig=RandomNormalArgs RandomUniformConfig=RandomUniformArgs
      SeedOnlyInitializerConfig=SeedOnlyInitializerArgs TruncatedNormalConfig=TruncatedNormalArgs
      VarianceScalingConfig=VarianceScalingArgs Distribution>Distribution@keras_format/initializer_config
      FanMode>FanMode@keras_format/initializer_config
      VALID_DISTRIBUTION_VALUES>VALID_DISTRIBUTION_VALUES@keras_format/initializer_config
      VALID_FAN_MODE_VALUES>VALID_FAN_MODE_VALUES@keras_format/initializer_config
    `,
  ],
  ['layers/dist/keras_format/layers/convolutional_serialization', 'ConvolutionalSerialization'],
  [
    'layers/dist/keras_format/regularizer_config',
    `
      L1Config>L1Args@regularizers L1Serialization L2Config>L2Args@regularizers L2Serialization
    `,
  ],
  [
    'layers/dist/layers/advanced_activations',
    `
      ELULayerConfig=ELULayerArgs LeakyReLULayerConfig=LeakyReLULayerArgs ReLULayerConfig=ReLULayerArgs
      SoftmaxLayerConfig=SoftmaxLayerArgs ThresholdedReLULayerConfig=ThresholdedReLULayerArgs
    `,
  ],
  [
    'layers/dist/layers/convolutional',
    `
      BaseConvLayerConfig=BaseConvLayerArgs ConvLayerConfig=ConvLayerArgs Cropping2DLayerConfig=Cropping2DLayerArgs
      SeparableConvLayerConfig=SeparableConvLayerArgs UpSampling2DLayerConfig=UpSampling2DLayerArgs conv2dWithBias
    `,
  ],
  ['layers/dist/layers/convolutional_depthwise', 'DepthwiseConv2DLayerConfig=DepthwiseConv2DLayerArgs'],
  [
    'layers/dist/layers/core',
    `
      ActivationLayerConfig=ActivationLayerArgs DenseLayerConfig=DenseLayerArgs DropoutLayerConfig=DropoutLayerArgs
      PermuteLayerConfig=PermuteLayerArgs RepeatVectorLayerConfig=RepeatVectorLayerArgs
      ReshapeLayerConfig=ReshapeLayerArgs
    `,
  ],
  ['layers/dist/layers/embeddings', 'EmbeddingLayerConfig=EmbeddingLayerArgs'],
  ['layers/dist/layers/merge', 'ConcatenateLayerConfig=ConcatenateLayerArgs DotLayerConfig=DotLayerArgs'],
  ['layers/dist/layers/normalization', 'BatchNormalizationLayerConfig=BatchNormalizationLayerArgs'],
  ['layers/dist/layers/padding', 'ZeroPadding2DLayerConfig=ZeroPadding2DLayerArgs'],
  [
    'layers/dist/layers/pooling',
    `
      GlobalPooling2DLayerConfig=GlobalPooling2DLayerArgs Pooling1DLayerConfig=Pooling1DLayerArgs
      Pooling2DLayerConfig=Pooling2DLayerArgs
    `,
  ],
  [
    'layers/dist/layers/recurrent',
    `
      BaseRNNLayerConfig=BaseRNNLayerArgs GRUCellLayerConfig=GRUCellLayerArgs GRULayerConfig=GRULayerArgs
      LSTMCellLayerConfig=LSTMCellLayerArgs LSTMLayerConfig=LSTMLayerArgs RNNLayerConfig=RNNLayerArgs
      SimpleRNNCellLayerConfig=SimpleRNNCellLayerArgs SimpleRNNLayerConfig=SimpleRNNLayerArgs
      StackedRNNCellsConfig=StackedRNNCellsArgs
    `,
  ],
  [
    'layers/dist/layers/wrappers',
    `
      BidirectionalLayerConfig=BidirectionalLayerArgs WrapperLayerConfig=WrapperLayerArgs
      BidirectionalMergeMode>BidirectionalMergeMode@keras_format/common
      VALID_BIDIRECTIONAL_MERGE_MODES>VALID_BIDIRECTIONAL_MERGE_MODES@keras_format/common
    `,
  ],
  [
    'layers/dist/models',
    `
      ModelPredictConfig=ModelPredictArgs SequentialConfig=SequentialArgs loadLayersModelInternal
      loadModelFromIOHandler loadModelInternal
    `,
  ],
  ['layers/dist/regularizers', 'L1Config=L1Args L1L2Config=L1L2Args L2Config=L2Args'],
  [
    'layers/dist/types',
    `
      JsonArray JsonDict JsonValue NamedTensorMap Shape>Shape@ SymbolicTensor>SymbolicTensor@
      getNextUniqueTensorId>getNextUniqueTensorId@backend/state
    `,
  ],
  [
    'layers/dist/utils/generic_utils',
    `
      countParamsInWeights>countParamsInWeights@utils/variable_utils
      getExactlyOneShape>getExactlyOneShape@utils/types_utils
      getExactlyOneTensor>getExactlyOneTensor@utils/types_utils isArrayOfShapes>isArrayOfShapes@utils/types_utils
      normalizeShapeList>normalizeShapeList@utils/types_utils
    `,
  ],
  ['converter/dist/operations/executors/utils', 'getTensorsForCurrentContenxt'],
  [
    'data/dist/types',
    `
      DataElement DataElementArray DataElementObject DatasetContainer>DatasetContainer@dataset
      IteratorContainer>IteratorContainer@iterators/lazy_iterator
    `,
  ],
  ['data/dist/util/deep_map', 'isNumericArray'],
]);
