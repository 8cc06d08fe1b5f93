/**
 * Every reason to leave a Python `multi_gpu_model` call untouched, in the words of the report. Data only.
 *
 * A message continues the sentence "`multi_gpu_model` is left as it is: …" and names the obstacle. It calls
 * the argument of `multi_gpu_model` the original model, and its result the multi-GPU model.
 */
import { Refusal } from '../refusal.js';
import { RefusalReason } from '../refusal-reason.js';

export const REFUSALS = {
  // How the function is used.
  functionUsedAsValue: new Refusal(
    RefusalReason.NotCalledDirectly,
    'multi_gpu_model is used as a value here, not called',
  ),
  functionRedefined: (name: string) =>
    new Refusal(RefusalReason.NotCalledDirectly, `this file also binds “${name}” to something else`),
  functionLookedUpByName: new Refusal(
    RefusalReason.NotCalledDirectly,
    'the code looks multi_gpu_model up by its name in a string',
  ),
  functionNotImported: new Refusal(
    RefusalReason.NotCalledDirectly,
    'nothing in this file imports multi_gpu_model, so the call fails',
  ),
  functionNameDeleted: new Refusal(RefusalReason.NotCalledDirectly, 'a del statement deletes the name multi_gpu_model'),
  functionReExportedBy: (module: string) =>
    new Refusal(
      RefusalReason.NotCalledDirectly,
      `multi_gpu_model is imported from “${module}”, which only re-exports it`,
    ),
  functionImportedByOtherFiles: new Refusal(
    RefusalReason.NotCalledDirectly,
    'other files import multi_gpu_model from this file',
  ),
  wrapperHasOtherUses: (wrapper: string) =>
    new Refusal(
      RefusalReason.CallersNotInView,
      `some uses of ${wrapper} are outside this project or cannot be rewritten`,
    ),

  // The arguments of the call.
  spreadArguments: new Refusal(RefusalReason.DynamicArguments, 'the call passes * or ** arguments'),
  noModelArgument: new Refusal(RefusalReason.DynamicArguments, 'the call passes no model'),
  cpuRelocation: new Refusal(
    RefusalReason.CpuRelocation,
    'cpu_relocation clones the model, so the original model no longer shares its weights',
  ),
  gpuCountIsHelperDefault: new Refusal(
    RefusalReason.DynamicArguments,
    'the call leaves the number of GPUs to a default of the function that wraps the model',
  ),
  noGpus: new Refusal(
    RefusalReason.MeaningChanged,
    'zero GPUs means all GPUs in standalone keras, and is an error in tensorflow.keras',
  ),
  differentGpus: new Refusal(RefusalReason.DynamicArguments, 'the models built here use different GPUs'),

  // Where the call is.
  partOfLargerConditional: new Refusal(
    RefusalReason.DynamicArguments,
    'the call is part of a larger conditional expression',
  ),
  wrappedAndUsedAtOnce: new Refusal(
    RefusalReason.EvaluationOrder,
    'one expression both wraps the model and uses the result',
  ),
  keptInCollection: new Refusal(
    RefusalReason.WrappedInLoop,
    'the multi-GPU model is stored in a collection, so the statement that compiles it cannot be found',
  ),
  wrappedInScope: new Refusal(RefusalReason.AlreadyInScope, 'the model is wrapped inside the scope of a strategy'),
  builtInOtherScope: new Refusal(
    RefusalReason.AlreadyInScope,
    'the scope of a strategy ends between building and wrapping the model',
  ),
  ownStrategyLater: new Refusal(
    RefusalReason.AlreadyInScope,
    'the model is built before the strategy in whose scope it is wrapped, and the strategy cannot be created earlier',
  ),
  wrappedInLoop: new Refusal(RefusalReason.WrappedInLoop, 'the model is wrapped inside a loop but built outside of it'),
  wrappedInHandler: new Refusal(
    RefusalReason.EvaluationOrder,
    'the model is wrapped in an except, else or finally block',
  ),
  wrappedInTry: new Refusal(RefusalReason.EvaluationOrder, 'the model is wrapped in a try statement'),
  sharedLine: new Refusal(RefusalReason.SharedLine, 'several statements share a line here'),
  branchSharesLine: new Refusal(RefusalReason.SharedLine, 'a branch and its body share a line'),
  deviceSharesLine: new Refusal(RefusalReason.SharedLine, 'a device scope and its body share a line'),
  overlappingEdit: new Refusal(RefusalReason.OverlappingEdit, 'another change touches the same lines'),

  // Where the model is built.
  notBuiltInView: (model: string) =>
    new Refusal(RefusalReason.ModelNotInView, `nothing shows where “${model}” is built`),
  notBuiltInFunction: (model: string) =>
    new Refusal(RefusalReason.ModelNotInView, `“${model}” is not built in this function`),
  sharesModelWithRefused: (line: number, reason: RefusalReason) =>
    new Refusal(reason, `it has the same model as the call in line ${line}, which is left untouched`),
  builtOnOutsidePart: (part: string) =>
    new Refusal(RefusalReason.ModelNotInView, `the model stands on layers of “${part}”, which other code builds`),
  notBuiltOnEveryPath: (model: string) =>
    new Refusal(RefusalReason.ModelNotInView, `“${model}” is built here on some paths only`),
  notBuiltWhereAssigned: (model: string) =>
    new Refusal(RefusalReason.ModelNotInView, `the statement that assigns “${model}” does not build it`),
  notBuiltInOwnStatement: (model: string) =>
    new Refusal(RefusalReason.ModelNotInView, `no statement of its own builds “${model}”`),
  noBuildingStatement: new Refusal(RefusalReason.ModelNotInView, 'no statement here builds the model'),
  notBuiltInOneBlock: new Refusal(
    RefusalReason.ModelNotInView,
    'the statements that build the model are not in one block',
  ),
  partBuiltInOtherMethod: (part: string) =>
    new Refusal(RefusalReason.ModelNotInView, `the model contains “${part}”, which another method builds`),
  subclassBuildsDifferently: (subclass: string, attribute: string) =>
    new Refusal(RefusalReason.ModelNotInView, `the subclass ${subclass} builds “${attribute}” in its own way`),
  modelFromLoop: (model: string) =>
    new Refusal(RefusalReason.WrappedInLoop, `a loop takes “${model}” from a collection`),
  modelIsParameter: (model: string) =>
    new Refusal(RefusalReason.CallersNotInView, `the model “${model}” is a parameter of this function`),
  builtInTurns: new Refusal(RefusalReason.EvaluationOrder, 'several models are built in turns'),
  modelReplacedBeforeCall: (model: string) =>
    new Refusal(RefusalReason.CallersNotInView, `“${model}” is a different model in a later call`),
  callersUseDifferentGpus: new Refusal(
    RefusalReason.DynamicArguments,
    'the callers of this function ask for different GPUs',
  ),
  wrappedBeforeCall: (model: string) =>
    new Refusal(RefusalReason.AlreadyInScope, `the caller passes “${model}” after wrapping it once`),
  wrappedAgain: (model: string) =>
    new Refusal(RefusalReason.AlreadyInScope, `a function that receives “${model}” wraps it a second time`),
  wrapperMethodMayNotRun: (method: string) =>
    new Refusal(RefusalReason.CallersNotInView, `nothing shows that ${method}, which wraps the model, is called`),
  wrapperMethodIsConditional: (method: string) =>
    new Refusal(RefusalReason.EvaluationOrder, `${method}, which wraps the model, is called under a condition`),

  // What has to be known before the model is built.
  evaluatedEarlier: (expression: string) =>
    new Refusal(
      RefusalReason.EvaluationOrder,
      `“${expression}” would be evaluated earlier than now, which may have an effect`,
    ),
  computedAfterBuild: (variable: string) =>
    new Refusal(
      RefusalReason.EvaluationOrder,
      `“${variable}” is computed after the model is built and cannot be computed before it`,
    ),
  unknownAtBuild: (expression: string) =>
    new Refusal(RefusalReason.EvaluationOrder, `“${expression}” is not known yet where the model is built`),
  unknownAtStart: (name: string) =>
    new Refusal(RefusalReason.EvaluationOrder, `“${name}” is not known yet where the scope has to begin`),
  gpusUnknownAtBuild: new Refusal(
    RefusalReason.EvaluationOrder,
    'the choice of GPUs is not known yet where the model is built',
  ),
  configuredLater: (callee: string) =>
    new Refusal(
      RefusalReason.EvaluationOrder,
      `${callee} has to run before the strategy starts TensorFlow, but runs after the place of the strategy`,
    ),
  visibleDevicesSetLater: new Refusal(
    RefusalReason.EvaluationOrder,
    'CUDA_VISIBLE_DEVICES is set after the model is built, but a strategy reads it before',
  ),
  suspendsWhileBuilding: new Refusal(
    RefusalReason.EvaluationOrder,
    'the function yields or awaits between building and compiling the model',
  ),
  clearsSession: (call: string) =>
    new Refusal(
      RefusalReason.EvaluationOrder,
      `“${call}” runs between building and compiling the model, and nothing may clear the session inside a scope`,
    ),
  builderClearsSession: (builder: string) =>
    new Refusal(
      RefusalReason.EvaluationOrder,
      `“${builder}” clears the session, which must not happen inside a scope; clear it before the call instead`,
    ),
  buildsAndTrainsAtOnce: new Refusal(
    RefusalReason.EvaluationOrder,
    'one statement both builds or compiles the model and trains it',
  ),
  tryDoesMore: new Refusal(
    RefusalReason.EvaluationOrder,
    'the try statement around the call does more than fall back to one device',
  ),
  handlerDoesMore: new Refusal(
    RefusalReason.EvaluationOrder,
    'the except block does more than fall back to one device',
  ),
  handlerUsesError: new Refusal(
    RefusalReason.EvaluationOrder,
    'the except block uses the error, which a strategy does not raise',
  ),

  // Where the model is compiled and trained.
  compiledNowhereInView: new Refusal(
    RefusalReason.CompileNotInView,
    'the multi-GPU model leaves this function, and nothing shows where it is compiled',
  ),
  trainedOutsideClass: (attribute: string) =>
    new Refusal(
      RefusalReason.CompileNotInView,
      `code outside the class compiles or trains “${attribute}”, or passes it on`,
    ),
  severalFunctionsCompile: new Refusal(RefusalReason.CompileNotInView, 'several functions compile the model'),
  largerModelCompiledElsewhere: (part: string) =>
    new Refusal(RefusalReason.CompileNotInView, `another function compiles a larger model that contains “${part}”`),
  optimizerOutsideFunction: (optimizer: string) =>
    new Refusal(RefusalReason.CompileNotInView, `the optimizer “${optimizer}” is created outside this function`),
  optimizerIsParameter: (optimizer: string) =>
    new Refusal(RefusalReason.CompileNotInView, `the optimizer “${optimizer}” is a parameter of this function`),
  createdOutsideFunction: (name: string) =>
    new Refusal(
      RefusalReason.CompileNotInView,
      `“${name}”, which compile receives, holds an optimizer or a metric that is created outside this function`,
    ),
  createdByCaller: ({
    text,
    file,
    line,
  }: {
    readonly text: string;
    readonly file: string | undefined;
    readonly line: number;
  }) =>
    new Refusal(
      RefusalReason.CompileNotInView,
      `compile receives “${text}” from a caller, which creates it outside the scope (${file === undefined ? '' : `${file}, `}line ${line})`,
    ),
  optimizerInOtherMethod: (optimizer: string) =>
    new Refusal(RefusalReason.CompileNotInView, `another method creates the optimizer “${optimizer}”`),
  createdBeforeModel: new Refusal(
    RefusalReason.CompileNotInView,
    'compile receives an optimizer or a metric that is created before the model',
  ),

  // The original model and the multi-GPU model as two different things.
  compiledDifferently: new Refusal(
    RefusalReason.TemplateUsedSeparately,
    'the original and the multi-GPU model are compiled differently and both used',
  ),
  trainedApart: new Refusal(
    RefusalReason.TemplateUsedSeparately,
    'the original and the multi-GPU model are both trained, each with an optimizer of its own',
  ),
  compiledDifferentlyInOtherMethod: new Refusal(
    RefusalReason.TemplateUsedSeparately,
    'another method compiles the original model differently from the multi-GPU model',
  ),
  keepsOriginalAsAttribute: new Refusal(
    RefusalReason.TemplateUsedSeparately,
    'the multi-GPU model keeps the original model as an attribute',
  ),
  deviceUsedBesideWrap: (model: string) =>
    new Refusal(
      RefusalReason.TemplateUsedSeparately,
      `“${model}” is built under a device that another branch needs as well`,
    ),
  composedInOtherFile: ({
    text,
    file,
    line,
  }: {
    readonly text: string;
    readonly file: string;
    readonly line: number;
  }) =>
    new Refusal(
      RefusalReason.TemplateUsedSeparately,
      `${file}, line ${line}, builds a larger model from “${text}” or renames it, which has to happen in the same scope`,
    ),

  // What changes its meaning without the wrapper model.
  otherLayers: new Refusal(
    RefusalReason.MeaningChanged,
    'the layers of the multi-GPU model are not those of the original model',
  ),
  otherLayersByName: new Refusal(
    RefusalReason.MeaningChanged,
    'get_layer finds other layers on the multi-GPU model than on the original model',
  ),
  repeatedPredictions: new Refusal(
    RefusalReason.MeaningChanged,
    'under a strategy, predict_on_batch of Keras 3 returns the predictions once per replica; use predict',
  ),
  callbackReadsOtherLayers: new Refusal(
    RefusalReason.MeaningChanged,
    'a callback reads the layers of the multi-GPU model',
  ),
  callbackReadsOriginal: (callback: string) =>
    new Refusal(RefusalReason.MeaningChanged, `${callback} takes the original model out of the multi-GPU model`),
  callbackPassesPeriod: (callback: string) =>
    new Refusal(
      RefusalReason.MeaningChanged,
      `${callback} passes period to ModelCheckpoint by position, where save_freq is now: leave it out`,
    ),
  callbackExpectsWrapper: (callback: string) =>
    new Refusal(
      RefusalReason.MeaningChanged,
      `${callback} seems to expect a multi-GPU model, and its source is not in view`,
    ),
  callbackNeedsEveryWrap: new Refusal(
    RefusalReason.MeaningChanged,
    'a callback looks for the original model, and some calls in this file cannot be rewritten',
  ),

  // The name of TensorFlow.
  tensorflowNameTaken: new Refusal(
    RefusalReason.NameCollision,
    '“tf” means something else here, and TensorFlow has no other name',
  ),
  tensorflowImportedLater: new Refusal(
    RefusalReason.NameCollision,
    '“tf” is local to this function and is imported later, or on some paths only',
  ),

  // Objects whose models another file combines into larger models.
  objectsCompiledElsewhere: new Refusal(
    RefusalReason.CompileNotInView,
    'the objects that hold the models are created in one place and compiled in another',
  ),
  compiledApartFromObjects: new Refusal(
    RefusalReason.CompileNotInView,
    'a model is compiled apart from the objects that it contains',
  ),
  largerModelOutsideScope: new Refusal(
    RefusalReason.CompileNotInView,
    'a larger model may be built or compiled apart from the objects that it contains',
  ),
  objectsUseDifferentGpus: new Refusal(
    RefusalReason.DynamicArguments,
    'the objects that hold the models ask for different GPUs',
  ),
  spreadArgumentsTo: (callee: string) =>
    new Refusal(RefusalReason.DynamicArguments, `${callee} receives * or ** arguments`),
  noGpuCountFor: (callee: string) =>
    new Refusal(RefusalReason.DynamicArguments, `the call of ${callee} does not say how many GPUs to use`),
  defaultUnknownHere: (callee: string) =>
    new Refusal(RefusalReason.DynamicArguments, `the default number of GPUs of ${callee} is not known in this file`),
  gpuCountComputedInCall: new Refusal(
    RefusalReason.DynamicArguments,
    'the call that creates the object computes the number of GPUs',
  ),
  trainedBeforeLastCompile: new Refusal(
    RefusalReason.EvaluationOrder,
    'one model is trained before the last one is compiled',
  ),
  ownStrategyBetween: new Refusal(
    RefusalReason.AlreadyInScope,
    'a function that is called between building and compiling creates its own strategy',
  ),

  // Imports of standalone Keras.
  noCounterpart: (written: string) =>
    new Refusal(RefusalReason.NoReplacement, `“${written}” has no counterpart in TensorFlow’s Keras`),
  optimizerArgument: (written: string) =>
    new Refusal(
      RefusalReason.NoReplacement,
      `“${written}” is an error in tf_keras, and Keras 3 ignores it; unless other code sets or reads the learning rate, pass a schedule such as InverseTimeDecay`,
    ),
} as const;
