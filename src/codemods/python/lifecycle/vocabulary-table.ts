/** What each method and attribute of a Keras model is for, and the groups of them that planners ask about. Data only. */
import { membersFor, type ModelVocabulary } from '../../lifecycle/model-role.js';

const MODEL_MEMBERS: ModelVocabulary = new Map([
  ['add', 'builds'],
  ['build', 'builds'],
  ['call', 'builds'],
  ['pop', 'builds'],
  ['compile', 'compiles'],
  ['fit', 'trains'],
  ['fit_generator', 'trains'],
  ['train_on_batch', 'trains'],
  ['evaluate', 'evaluates'],
  ['evaluate_generator', 'evaluates'],
  ['test_on_batch', 'evaluates'],
  ['predict', 'predicts'],
  ['predict_generator', 'predicts'],
  ['predict_on_batch', 'predicts-one-batch'],
  ['save', 'saves'],
  ['save_weights', 'saves'],
  ['load_weights', 'loads-weights'],
  ['set_weights', 'sets-weights'],
  ['summary', 'inspects'],
  ['to_json', 'inspects'],
  ['to_yaml', 'inspects'],
  ['get_config', 'inspects'],
  ['get_weights', 'inspects'],
  ['count_params', 'inspects'],
  ['name', 'inspects'],
  ['input_names', 'inspects'],
  ['output_names', 'inspects'],
  ['input_shape', 'inspects'],
  ['output_shape', 'inspects'],
  ['trainable', 'sets-flag'],
  ['input', 'holds-tensors'],
  ['inputs', 'holds-tensors'],
  ['output', 'holds-tensors'],
  ['outputs', 'holds-tensors'],
  ['_input_layers', 'holds-tensors'],
  ['layers', 'holds-layers'],
  ['get_layer', 'holds-layers'],
  ['trainable_weights', 'holds-variables'],
  ['trainable_variables', 'holds-variables'],
]);

/** Compiles a model. */
export const COMPILES = membersFor(MODEL_MEMBERS, 'compiles');

/** Compiles or trains a model. */
export const COMPILES_OR_TRAINS = membersFor(MODEL_MEMBERS, 'compiles', 'trains');

/** Trains a model: the only uses that change what its optimizer remembers. */
export const TRAINS = membersFor(MODEL_MEMBERS, 'trains');

/** Uses what `compile` has set. */
export const RUNS_COMPILED = membersFor(MODEL_MEMBERS, 'trains', 'evaluates');

/** Runs a model on data. */
export const RUNS = membersFor(MODEL_MEMBERS, 'trains', 'evaluates', 'predicts', 'predicts-one-batch');

/** Has to run outside the scope of a strategy. */
export const OUTSIDE_SCOPE = new Set([...RUNS, ...membersFor(MODEL_MEMBERS, 'saves')]);

/** Predicts with a result that depends on the number of replicas. */
export const PREDICTS_ONE_BATCH = membersFor(MODEL_MEMBERS, 'predicts-one-batch');

/** Returns data rather than a part of a model. */
export const RETURNS_DATA = new Set([...OUTSIDE_SCOPE, ...membersFor(MODEL_MEMBERS, 'inspects')]);

/** May create or replace variables of a model. */
export const CHANGES_MODEL = membersFor(MODEL_MEMBERS, 'builds', 'loads-weights', 'sets-weights');

/** Reads weights from a file. */
export const LOADS_WEIGHTS = membersFor(MODEL_MEMBERS, 'loads-weights');

/** Lends the variables to a custom training loop. */
export const HOLDS_VARIABLES = membersFor(MODEL_MEMBERS, 'holds-variables');

/** Reads layers, which differ between the original and the multi-GPU model. */
export const HOLDS_LAYERS = membersFor(MODEL_MEMBERS, 'holds-layers');

/** Lets a larger model contain this one. */
export const LENDS_PARTS = membersFor(MODEL_MEMBERS, 'holds-tensors', 'holds-layers');

/** Has the same result for the original and the multi-GPU model, and trains neither. */
export const SAME_FOR_BOTH = membersFor(
  MODEL_MEMBERS,
  'holds-tensors',
  'inspects',
  'sets-flag',
  'saves',
  'loads-weights',
  'sets-weights',
);

/** Neither trains nor changes a model. */
export const ONLY_READS = membersFor(MODEL_MEMBERS, 'predicts', 'holds-tensors', 'inspects', 'saves');

/** Methods that compute or apply gradients in a custom training loop. */
export const APPLIES_GRADIENTS: ReadonlySet<string> = new Set(['apply_gradients', 'minimize', 'gradient', 'gradients']);
