/** Why a JavaScript migration leaves code untouched, in the user's terms. Data only. */
import { Refusal } from '../refusal.js';
import { RefusalReason } from '../refusal-reason.js';

import { NEW_BACKEND, REPLACEMENT } from './tfjs-node/modules.js';

/** Longer expressions are cut off. */
const MAX_EXPRESSION_LENGTH = 40;

/**
 * The refusals of the migration `multi-gpu-model`. Each continues the sentence "`multiGpuModel` is left as it is: …".
 */
export const MULTI_GPU_REFUSALS = {
  alreadyInScope: new Refusal(RefusalReason.AlreadyInScope, 'the call is already inside the scope of a strategy'),
  nestedWraps: new Refusal(RefusalReason.TemplateUsedSeparately, 'one wrap contains another wrap of the same model'),
  compiledSeparately: (template: string, wrapped: string): Refusal =>
    new Refusal(RefusalReason.TemplateUsedSeparately, `${template} and ${wrapped} are compiled separately`),
  keepsTemplate: (wrapped: string, template: string): Refusal =>
    new Refusal(RefusalReason.TemplateUsedSeparately, `${wrapped} keeps ${template} as an attribute`),
  differentDevices: (model: string): Refusal =>
    new Refusal(RefusalReason.TemplateUsedSeparately, `${model} is wrapped several times, for different devices`),
  layersRead: (expression: string): Refusal =>
    new Refusal(
      RefusalReason.MeaningChanged,
      `the code reads ${expression}, and the wrapped model had its template as a single layer`,
    ),

  argumentsUnknown: new Refusal(
    RefusalReason.DynamicArguments,
    'the call does not write out its arguments, so the model and the devices are unknown',
  ),
  optionsUnknown: new Refusal(
    RefusalReason.DynamicArguments,
    'the call does not write out its options, so their values are unknown',
  ),
  unknownOption: (name: string): Refusal =>
    new Refusal(RefusalReason.DynamicArguments, `the option ${name} is unknown`),
  cpuRelocation: new Refusal(
    RefusalReason.CpuRelocation,
    'cpuRelocation makes a copy that shares no weights with its template',
  ),
  cpuRelocationUnknown: new Refusal(
    RefusalReason.ConditionNotProved,
    'the value of cpuRelocation is only known when the program runs',
  ),

  notCalled: new Refusal(
    RefusalReason.NotCalledDirectly,
    'the function is passed on, stored or exported, and not called here',
  ),
  modelNotInView: (model: string): Refusal => {
    const text = onOneLine(model);
    const shown = text.length > MAX_EXPRESSION_LENGTH ? 'its model' : text;
    return new Refusal(RefusalReason.ModelNotInView, `the code that builds ${shown} is not visible from here`);
  },
  modelFromCallers: (parameter: string): Refusal =>
    new Refusal(
      RefusalReason.ModelNotInView,
      `${parameter} is a parameter, and not every call of the function is visible from here`,
    ),

  conditionEvaluatedTwice: new Refusal(
    RefusalReason.EvaluationOrder,
    'its condition would be evaluated twice, and the condition calls a function that may have side effects',
  ),
  valueNotKnownYet: (expression: string): Refusal => {
    const text = onOneLine(
      expression.length > MAX_EXPRESSION_LENGTH ? `${expression.slice(0, MAX_EXPRESSION_LENGTH - 3)}...` : expression,
    );
    return new Refusal(RefusalReason.EvaluationOrder, `${text} is not known yet where the model is built`);
  },
  modelBuiltOutside: (block: 'a loop' | 'an error handler' | 'a branch'): Refusal =>
    new Refusal(RefusalReason.EvaluationOrder, `the call is in ${block}, and the model is built outside of it`),
  tryHasOtherStatements: (statement: string): Refusal =>
    new Refusal(RefusalReason.EvaluationOrder, `${statement} would have to run before the model is built`),
  buildsAndLeaves: new Refusal(
    RefusalReason.EvaluationOrder,
    'one statement both builds the model and leaves the function, yields or trains the model',
  ),
  capturedAndReassigned: (name: string): Refusal =>
    new Refusal(RefusalReason.EvaluationOrder, `a function uses ${name}, which is assigned another value later`),
  varUsedOutside: new Refusal(
    RefusalReason.EvaluationOrder,
    'the block that builds the model declares a var that is used outside of the block',
  ),
  mixedExports: new Refusal(
    RefusalReason.EvaluationOrder,
    'the statements that build the model declare exported names and other names',
  ),
};

/** The refusals of the migration `tfjs-node`, each a complete sentence. */
export const TFJS_NODE_REFUSALS = {
  missingMember: (member: string): Refusal =>
    new Refusal(RefusalReason.NoReplacement, `${REPLACEMENT} has no ${member}.`),
  fileInside: (file: string, packageName: string): Refusal =>
    new Refusal(RefusalReason.NoReplacement, `${file} is a file inside ${packageName}, and nothing replaces it.`),
  typeDeclaration: (packageName: string): Refusal =>
    new Refusal(
      RefusalReason.NoReplacement,
      `This declares types for ${packageName}; declare them for @tensorflow/tfjs or ${REPLACEMENT}.`,
    ),

  possibleBackendName: new Refusal(
    RefusalReason.MeaningChanged,
    `This may be the name of a backend, and the backend of ${REPLACEMENT} is called '${NEW_BACKEND}'.`,
  ),
  backendObject: new Refusal(
    RefusalReason.MeaningChanged,
    `tf.backend() returns the backend itself, and the backend of ${REPLACEMENT} has other members.`,
  ),
  replacedExport: new Refusal(
    RefusalReason.MeaningChanged,
    `This replaces an export of the module, and ${REPLACEMENT} is an ES module, whose exports are read-only.`,
  ),
  loadedInJest: (packageName: string): Refusal =>
    new Refusal(
      RefusalReason.MeaningChanged,
      `Jest loads ${packageName} here, and its require cannot load an ES module, which ${REPLACEMENT} is.`,
    ),
  resolvedPath: (packageName: string): Refusal =>
    new Refusal(
      RefusalReason.MeaningChanged,
      `This looks up where ${packageName} is installed; the path of ${REPLACEMENT} does not lead to a TensorFlow library.`,
    ),
  packageChoice: new Refusal(
    RefusalReason.MeaningChanged,
    `This file chooses between CPU and GPU by the package; ${REPLACEMENT} uses the GPUs that TensorFlow finds, unless config.setVisibleDevices hides them.`,
  ),

  computedName: new Refusal(
    RefusalReason.ConditionNotProved,
    `The package to load is only known when the program runs; ${REPLACEMENT} replaces both packages.`,
  ),
} as const;

function onOneLine(code: string): string {
  return code.replace(/\s+/g, ' ');
}
